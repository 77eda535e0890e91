"""From inside the sandbox there is nothing to see: no course, no marks, no network, no host."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.judging import judge

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[3]


def shown(code, **limits):
    """Run one cell of a student's and give what it prints."""
    book = notebooks.notebook(new_code_cell(code))
    plan = notebooks.notebook(notebooks.locked("imports", "import os\n# by hand: nothing"))
    result = judge(book, plan, **limits)
    outputs = [
        "".join(output.get("text", "").strip() or " ".join(output.get("traceback", [])))
        for cell in notebooks.read(result.judged).cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    return "\n".join(outputs)


def test_what_a_cell_prints_is_seen_here():
    assert shown("print(6 * 7)") == "42"


@pytest.mark.parametrize(
    "name", ["solutions", "tests", "nbgrader_config.py", "gradebook.db", ".git"]
)
def test_the_course_is_not_there(name):
    assert shown(f"import os; print(os.path.exists({str(ROOT / name)!r}))") == "False"


def test_the_kit_is_there_but_not_its_judge():
    code = "import mlpkit, os; print(os.listdir(os.path.dirname(mlpkit.__file__) + '/grading'))"
    assert shown(code) == "[]"
    assert "ModuleNotFoundError" in shown("import mlpkit.grading.judging.submission")


def test_no_file_outside_can_be_found_by_its_content(tmp_path):
    secret = tmp_path / "solutions.ipynb"
    secret.write_text("the answer is 2 * x")
    assert shown(f"import os; print(os.path.exists({str(secret)!r}))") == "False"
    code = "import os; print([r for r, d, f in os.walk('/') if 'solutions.ipynb' in f])"
    assert shown(code, cell_seconds=60.0) == "[]"  # all that there is, on a busy machine too


def test_home_and_working_folder_are_empty_but_for_the_data():
    book = notebooks.notebook(new_code_cell("import os; print(sorted(os.listdir('.')))"))
    plan = notebooks.notebook(notebooks.locked("imports", "import os"))
    result = judge(book, plan, files={"data/x.csv": b"1,2"})
    codes = [c for c in notebooks.read(result.judged).cells if c.cell_type == "code" and c.outputs]
    printed = codes[0].outputs[0].text
    assert "data" in printed
    assert ".ssh" not in printed
    assert "solutions" not in printed


def test_the_environment_is_not_the_instructors():
    os.environ["MLPKIT_TEST_SECRET"] = "token"
    try:
        code = "import os; print('MLPKIT_TEST_SECRET' in os.environ, os.environ['HOME'])"
        assert shown(code) == "False /home/student"
        everything = "import glob\nprint('token' in ''.join(open(f, errors='replace').read()"
        everything += " for f in glob.glob('/proc/[0-9]*/environ')))"
        words = shown(everything)
        assert words == "False" or "PermissionError" in words
    finally:
        del os.environ["MLPKIT_TEST_SECRET"]


def test_no_process_outside_is_visible():
    code = "import os; print([p for p in os.listdir('/proc') if p.isdigit()], os.getppid())"
    assert shown(code) == "['1'] 0"


def printed_here(code):
    """Run the code without the sandbox, to see that it would reach what is there."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_signals_reach_nobody_else():
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            said = shown(f"import os, signal\nos.kill({other.pid}, signal.SIGKILL)")
            assert "ProcessLookupError" in said
            assert other.poll() is None
        finally:
            other.kill()


def test_it_has_a_network_of_its_own_with_nobody_in_it():
    namespace = "import os; print(os.readlink('/proc/self/ns/net'))"
    assert shown(namespace) not in ("", printed_here(namespace))
    interfaces = "import socket; print([name for _, name in socket.if_nameindex()])"
    assert shown(interfaces) == "['lo']"


def test_a_server_on_this_machine_is_out_of_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = server.getsockname()
        code = f"import socket; socket.create_connection({there}, 2).close(); print('reached')"
        assert printed_here(code) == "reached"
        assert "OSError" in shown(code)


def test_an_abstract_socket_of_this_machine_is_out_of_reach():
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0mlpkit-test-{os.getpid()}"
        server.bind(name)
        server.listen()
        code = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({name!r})"
        code += "; s.close(); print('reached')"
        assert printed_here(code) == "reached"
        assert "ConnectionRefusedError" in shown(code)


@pytest.mark.parametrize(
    "path", ["/usr/x", "/etc/x", "/x", "/run/x", "/dev/x", "/run/matplotlib/x", "/run/judge/x"]
)
def test_the_system_is_read_only(path):
    assert "Error" in shown(f"open({path!r}, 'w')")


def test_the_python_that_runs_everything_is_read_only():
    assert "Error" in shown("import numpy; open(numpy.__file__, 'a')")


def test_nothing_is_left_for_the_next_submission():
    write = "import os\nfor d in ('/tmp', '/dev/shm', os.environ['HOME']):\n"
    shown(write + "    open(d + '/left', 'w').write('for you')")
    read = "import os; print([d for d in ('/tmp', '/dev/shm', os.environ['HOME']) "
    assert shown(read + "if os.path.exists(d + '/left')])") == "[]"


@pytest.mark.parametrize(
    "what",
    [
        "ctypes.CDLL(None).unshare(0x10000000)",
        "ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "ctypes.CDLL(None).umount2(b'/home/student', 2)",
        "ctypes.CDLL(None).setns(0, 0)",
        "ctypes.CDLL(None).chroot(b'/tmp')",
        "ctypes.CDLL(None).ptrace(16, 1, 0, 0)",
        "ctypes.CDLL(None).memfd_create(b'x', 0)",
        "ctypes.CDLL(None).shmget(0, 4096, 0o1600)",
        "ctypes.CDLL(None).setuid(0)",
        "ctypes.CDLL(None).socket(40, 1, 0)",  # AF_VSOCK: from a virtual machine to its host
        "ctypes.CDLL(None).socketpair(40, 1, 0, None)",
        "ctypes.CDLL(None).nice(-5)",
    ],
)
def test_no_right_can_be_regained(what):
    assert shown(f"import ctypes; print({what})") == "-1"


def test_no_capability_is_left():
    code = "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('CapB')])"
    assert shown(code) == "['0000000000000000']"


def test_the_judges_sockets_are_out_of_reach():
    assert (
        shown("import os; print(os.listdir('/run/kernels'), os.listdir('/run/kernel'))") == "[] []"
    )


def test_no_descriptor_leads_outside():
    code = """
import os
links = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
         if os.path.lexists(f"/proc/self/fd/{n}")]
print([l for l in links if l.startswith("/") and l not in ("/dev/null", "/proc/1/fd")])
"""
    assert shown(code) == "[]"


@pytest.mark.parametrize("family", ["AF_UNIX", "AF_INET", "AF_INET6"])
def test_its_own_sockets_are_left_to_it(family):
    assert shown(f"import socket; print(socket.socket(socket.{family}).fileno() > 2)") == "True"


def test_nobody_is_told_what_others_read():
    # Not by number: the C library's own name for each.
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for name, arguments in (("inotify_init", ()), ("inotify_init1", (0,)), ("fanotify_init", (0, 0))):
    done = getattr(libc, name)(*arguments)
    print(name, done, os.strerror(ctypes.get_errno()))
"""
    lines = shown(code).splitlines()
    assert len(lines) == 3
    assert all(line.endswith("-1 Operation not permitted") for line in lines)
