"""The filter of system calls, run by a small interpreter of BPF, for both machine types."""

import errno
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.grading.room.inside import seccomp

MACHINES = sorted(seccomp.CALLS)
ALLOW, KILL = "allow", "kill"
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG = 1, 2, 10, 16, 17, 40, 38
MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, MAP_ANONYMOUS = 1, 2, 3, 0x20
# By name: the numbers of the kernel's own tables, for x86-64 and for aarch64.
NUMBERS = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "clone": 56, "fork": 57, "execve": 59,
               "openat": 257, "futex": 202, "socket": 41, "socketpair": 53, "sendmsg": 46},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "clone": 220, "execve": 221,
                "openat": 56, "futex": 98, "socket": 198, "socketpair": 199, "sendmsg": 211},
}  # fmt: skip
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def run(lines, number, arguments=(), architecture=None):
    """Interpret a program of classic BPF on one system call (linux/filter.h, linux/seccomp.h)."""
    six = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *six)
    at, accumulator = 0, 0
    while True:
        code, yes, no, constant = lines[at]
        at += 1
        if code == 0x06:  # return
            return action(constant)
        if code == 0x20:  # load a word of the call's description
            accumulator = struct.unpack_from("<I", data, constant)[0]
        elif code == 0x54:  # and
            accumulator &= constant
        else:
            holds = {
                0x15: accumulator == constant,
                0x35: accumulator >= constant,
                0x45: accumulator & constant != 0,
            }[code]
            at += yes if holds else no


def action(value):
    kind, detail = value & 0xFFFF0000, value & 0xFFFF
    return {
        0x7FFF0000: ALLOW,
        0x80000000: KILL,
        0x00050000: errno.errorcode.get(detail),
    }[kind]


def decide(machine, call, *arguments):
    """Say what becomes of a call, by name or number, on a machine."""
    number = NUMBERS[machine][call] if isinstance(call, str) else call
    architecture = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    return run(seccomp.program(machine), number, arguments, architecture)


each_machine = pytest.mark.parametrize("machine", MACHINES)


@each_machine
@pytest.mark.parametrize("call", ["read", "write", "openat", "futex", "execve", "sendmsg"])
def test_what_course_work_needs_is_allowed(machine, call):
    assert decide(machine, call) == ALLOW


@pytest.mark.parametrize(
    "machine, name", [(machine, name) for machine in MACHINES for name in seccomp.CALLS[machine]]
)
def test_each_listed_call_is_refused(machine, name):
    assert decide(machine, seccomp.CALLS[machine][name]) == "EPERM"


@each_machine
def test_the_listed_numbers_are_the_kernels_own(machine):
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed: linux-libc-dev")
    text = HEADERS[machine].read_text()
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE)
    known = {name: int(number) for name, number in found}
    listed = seccomp.CALLS[machine] | NUMBERS[machine] | {"clone3": seccomp.CLONE3}
    assert {name: known[name] for name in listed} == listed


@each_machine
@pytest.mark.parametrize("architecture", [0x40000003, 0x40000028, 0xC00000B7, 0xC000003E, 0])
def test_another_architectures_calls_end_the_process(machine, architecture):
    """Its numbers mean other calls: 32-bit x86 and ARM can be called on such machines too."""
    if architecture != seccomp.ARCHITECTURE[machine]:
        for number in (0, 1, 11, 120, 400):
            assert run(seccomp.program(machine), number, (), architecture) == KILL


@given(st.integers(0x40000000, 0x400003FF))
def test_no_call_by_x32s_numbers_is_allowed(number):
    assert decide("x86_64", number) == "EPERM"


@each_machine
@pytest.mark.parametrize("family", [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK])
@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_sockets_of_families_that_a_namespace_has_its_own_of_are_allowed(machine, call, family):
    assert decide(machine, call, family, 1, 0) == ALLOW


@each_machine
@pytest.mark.parametrize("family", [0, 3, AF_PACKET, AF_ALG, AF_VSOCK, 45, 0x10000001])
@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_sockets_of_all_other_families_are_refused(machine, call, family):
    assert decide(machine, call, family, 1, 0) == "EAFNOSUPPORT"


@each_machine
@pytest.mark.parametrize(
    "flags, expected",
    [
        (MAP_PRIVATE | MAP_ANONYMOUS, ALLOW),
        (MAP_PRIVATE, ALLOW),
        (MAP_SHARED, ALLOW),  # of a file, whose size counts
        (MAP_SHARED | MAP_ANONYMOUS, "EPERM"),
        (MAP_SHARED_VALIDATE | MAP_ANONYMOUS, "EPERM"),
        (MAP_SHARED | MAP_ANONYMOUS | 0x8000, "EPERM"),
    ],
)
def test_memory_that_no_size_shows_is_refused(machine, flags, expected):
    assert decide(machine, "mmap", 0, 4096, 3, flags, 2**32 - 1, 0) == expected


@each_machine
@pytest.mark.parametrize(
    "space", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
)
def test_a_process_starts_others_but_no_namespace(machine, space):
    thread, fork = 0x003D0F00, 0x01200011  # what glibc's pthread_create and fork ask for
    assert decide(machine, "clone", thread) == ALLOW
    assert decide(machine, "clone", fork) == ALLOW
    assert decide(machine, "clone", fork | space) == "EPERM"
    assert decide(machine, seccomp.CLONE3) == "ENOSYS"


@each_machine
@given(number=st.integers(0, 500), arguments=st.lists(st.integers(0, 2**64 - 1), max_size=6))
def test_every_call_gets_an_answer_and_only_a_listed_one_is_refused(machine, number, arguments):
    special = {*seccomp.CALLS[machine].values(), *seccomp.SOCKETS[machine], seccomp.CLONE3,
               seccomp.CLONE[machine], seccomp.MMAP[machine]}  # fmt: skip
    decision = decide(machine, number, *arguments)
    assert decision == ALLOW or number in special or number > seccomp.LAST


@each_machine
@given(number=st.integers(463, 0x3FFFFFFF))
def test_a_call_that_nobody_has_looked_at_is_not_there(machine, number):
    assert decide(machine, number) == "ENOSYS"
