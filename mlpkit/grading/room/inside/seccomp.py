"""Refuse system calls that no course work needs and that could widen a sandbox."""

import ctypes
import errno
import platform
import struct

# Name → number; only machines whose numbers were looked up get a filter.
CALLS = {
    "x86_64": {
        "unshare": 272,
        "setns": 308,
        "mount": 165,
        "umount2": 166,
        "pivot_root": 155,
        "chroot": 161,
        "ptrace": 101,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "memfd_create": 319,
        "memfd_secret": 447,
        "shmget": 29,
        "msgget": 68,
        "semget": 64,
        "keyctl": 250,
        "add_key": 248,
        "request_key": 249,
        "bpf": 321,
        "perf_event_open": 298,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "mount_setattr": 442,
        "open_tree": 428,
        "move_mount": 429,
        "fsopen": 430,
        "fsmount": 432,
        "fspick": 433,
        "fsconfig": 431,
        "pidfd_getfd": 438,
        "open_by_handle_at": 304,
        "inotify_init": 253,
        "inotify_init1": 294,
        "fanotify_init": 300,
    },
    "aarch64": {
        "unshare": 97,
        "setns": 268,
        "mount": 40,
        "umount2": 39,
        "pivot_root": 41,
        "chroot": 51,
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "memfd_create": 279,
        "memfd_secret": 447,
        "shmget": 194,
        "msgget": 186,
        "semget": 190,
        "keyctl": 219,
        "add_key": 217,
        "request_key": 218,
        "bpf": 280,
        "perf_event_open": 241,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "mount_setattr": 442,
        "open_tree": 428,
        "move_mount": 429,
        "fsopen": 430,
        "fsmount": 432,
        "fspick": 433,
        "fsconfig": 431,
        "pidfd_getfd": 438,
        "open_by_handle_at": 265,
        "inotify_init1": 26,
        "fanotify_init": 262,
    },
}
# The last call that was looked at, mseal of Linux 6.10: to a program a later one isn't there.
LAST = 462
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE = {"x86_64": 56, "aarch64": 220}
SOCKETS = {"x86_64": (41, 53), "aarch64": (198, 199)}
MMAP = {"x86_64": 9, "aarch64": 222}
CLONE3 = 435
X32 = 0x40000000
# Every CLONE_NEW… flag that clone can carry.
NEW_NAMESPACE = 0x7E020000
# Unix, IPv4, IPv6 and netlink, of which a namespace has its own; a vsock of a virtual machine
# would lead to its host.
FAMILIES = (1, 2, 10, 16)
# Shared and without a file: memory that no process's size shows once it is let go.
SHARED_ANONYMOUS = 0x21
LOAD, EQUAL, ABOVE, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
# Of <linux/prctl.h> and <linux/seccomp.h>.
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def program(machine: str) -> list[tuple[int, int, int, int]]:
    """Write the filter, as BPF, for one machine.

    Returns
    -------
    list of tuple
        (code, jump if true, jump if false, constant)
    """
    refuse = ERRNO | errno.EPERM
    missing = ERRNO | errno.ENOSYS
    lines = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, ARCHITECTURE[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":
        lines += [(ABOVE, 0, 1, X32), (RETURN, 0, 0, refuse)]
    lines += [(ABOVE, 0, 1, LAST + 1), (RETURN, 0, 0, missing)]
    # clone3 hides its flags behind a pointer: glibc goes back to clone when it is missing.
    lines += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, missing)]
    for number in CALLS[machine].values():
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, refuse)]
    for number in SOCKETS[machine]:
        lines += [(EQUAL, 0, len(FAMILIES) + 3, number), (LOAD, 0, 0, 16)]
        lines += [(EQUAL, len(FAMILIES) - n, 0, f) for n, f in enumerate(FAMILIES)]
        lines += [(RETURN, 0, 0, ERRNO | errno.EAFNOSUPPORT), (RETURN, 0, 0, ALLOW)]
    lines += [
        (EQUAL, 0, 5, MMAP[machine]),
        (LOAD, 0, 0, 40),
        (AND, 0, 0, SHARED_ANONYMOUS),
        (EQUAL, 0, 1, SHARED_ANONYMOUS),
        (RETURN, 0, 0, refuse),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, 0, 3, CLONE[machine]),
        (LOAD, 0, 0, 16),
        (ANY_BIT, 0, 1, NEW_NAMESPACE),
        (RETURN, 0, 0, refuse),
        (RETURN, 0, 0, ALLOW),
    ]
    return lines


def install() -> bool:
    """Put the filter on this process and all its future children; needs no_new_privs.

    Returns
    -------
    bool
        False on a machine whose calls aren't listed.
    """
    machine = platform.machine()
    if machine not in CALLS:
        return False
    lines = program(machine)
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    description = Filter(len(lines), ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(description), 0, 0)
    if done != 0:
        raise OSError(ctypes.get_errno(), "seccomp refused")
    return True
