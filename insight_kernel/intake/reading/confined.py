"""What the process of one file may still ask of the kernel once it has taken this on: to compute, and to answer.

A filter of system calls is a list of those that are let through; every other is refused as not permitted. It can be
taken on without any right, also within a sandbox, and never be laid down again, by no child either.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

_NO_NEW_PRIVILEGES, _DIES_WITH_PARENT, _SECCOMP, _BY_FILTER = 38, 1, 22, 2  # of prctl
_KILL, _REFUSE, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # where they lie in what a filter is shown
_SIGKILL, _WORD = 9, 0xFFFF_FFFF
_THREAD, _EXECUTABLE, _UNIX, _SET_NAME, _DUPLICATE, _NOT_BLOCKING = 0x10000, 0x4, 1, 15, 1030, 0x5421
_OWN = 0x1D1D_1D1D  # no process has it: stands for the number of the one that takes the filter on
_ITSELF, _STEP = struct.pack("=I", _OWN), 8


class Unconfined(Exception):
    """The kernel offers no way to confine a process here."""


class _If(NamedTuple):
    """A call is let through when these bits of one of its arguments are exactly these."""

    argument: int
    bits: int
    value: int


class _Machine(NamedTuple):
    audit: int
    column: int


_MACHINES: Mapping[str, _Machine] = {"x86_64": _Machine(0xC000_003E, 0), "aarch64": _Machine(0xC000_00B7, 1)}

_Calls = Mapping[str, tuple[int | None, int | None]]
_READING: _Calls = {
    # what is open stays readable and writable: the answer, and what a reader's own threads tell each other
    "read": (0, 63), "readv": (19, 65), "write": (1, 64), "writev": (20, 66), "lseek": (8, 62), "close": (3, 57),
    # memory, none of which may be made executable
    "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233),
    "brk": (12, 214),
    # threads of its own, no process; the older call for them shows its flags to the filter, the newer hides them
    "clone": (56, 220), "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "gettid": (186, 178),
    "getpid": (39, 172), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "prctl": (157, 167),
    "exit": (60, 93), "exit_group": (231, 94),
    # signals within the process: how a library that gives up ends it
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "tgkill": (234, 131), "restart_syscall": (219, 128),
    # the time, and chance
    "clock_gettime": (228, 113), "gettimeofday": (96, 169), "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "getrandom": (318, 278),
    # waiting for a thread: an event loop with a pair of sockets that lead nowhere but to each other
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "eventfd2": (290, 19), "poll": (7, None), "ppoll": (271, 73), "socketpair": (53, 199), "sendto": (44, 206),
    "recvfrom": (45, 207), "getsockname": (51, 204), "ioctl": (16, 29), "fcntl": (72, 25),
}  # fmt: skip
_PROGRAM: _Calls = {
    # to become another program, which loads its libraries and data: files are opened to be read, and no other way
    "execve": (59, 221), "openat": (257, 56), "access": (21, None), "faccessat": (269, 48), "newfstatat": (262, 79),
    "fstat": (5, 80), "statx": (332, 291), "pread64": (17, 67), "readlink": (89, None), "readlinkat": (267, 78),
    "set_tid_address": (218, 96), "arch_prctl": (158, None), "sysinfo": (99, 179),
}  # fmt: skip
_BOTH: Mapping[str, _If] = {
    "clone": _If(0, _THREAD, _THREAD), "prctl": _If(0, _WORD, _SET_NAME), "tgkill": _If(0, _WORD, _OWN),
    "socketpair": _If(0, _WORD, _UNIX), "ioctl": _If(1, _WORD, _NOT_BLOCKING), "fcntl": _If(1, _WORD, _DUPLICATE),
    "sendto": _If(5, _WORD, 0),  # to the other end: an address without a length is none
}  # fmt: skip
_IF_READING: Mapping[str, _If] = {**_BOTH, "mmap": _If(2, _EXECUTABLE, 0), "mprotect": _If(2, _EXECUTABLE, 0)}
_IF_PROGRAM: Mapping[str, _If] = {
    **_BOTH,
    "openat": _If(2, os.O_ACCMODE | os.O_CREAT | os.O_TRUNC, os.O_RDONLY),
}
_CLONE3 = 435  # on every machine


def confinement(*, program: bool = False) -> Callable[[], None]:
    """Return what confines the process that calls it, made once for all that will be forked.

    From then on it computes and answers, and does nothing else. What it must read is read before, and what it must
    import is imported: no file is opened after, no socket, no process; a call made as another machine makes it ends it.
    With `program` it may still become another program, and that one read files.

    Raises
    ------
    Unconfined
        Also by what is returned: when the kernel, or the machine, is not one on which this can be done.
    """
    calls, only = ({**_READING, **_PROGRAM}, _IF_PROGRAM) if program else (_READING, _IF_READING)
    machine = _MACHINES.get(platform.machine())
    filtering = b"" if machine is None else b"".join(_filter(machine, calls, only))
    ask = ctypes.CDLL(None).prctl

    def confine() -> None:
        own = filtering.replace(_ITSELF, struct.pack("=I", os.getpid()))
        steps = ctypes.create_string_buffer(own, len(own))
        shown = _Program(len(own) // _STEP, ctypes.addressof(steps))
        for words in (
            (_DIES_WITH_PARENT, _SIGKILL),
            (_NO_NEW_PRIVILEGES, 1),
            (_SECCOMP, _BY_FILTER, ctypes.addressof(shown)),
        ):
            if not own or ask(*(ctypes.c_ulong(word) for word in (*words, 0, 0, 0)[:5])) != 0:
                raise Unconfined

    return confine


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _filter(machine: _Machine, calls: _Calls, only: Mapping[str, _If]) -> Iterator[bytes]:
    """Yield the steps of the filter: the machine first, then one call after the other, then a refusal."""
    yield from (_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, machine.audit, 1, 0), _step(_RETURN, _KILL))
    yield _step(_LOAD, _NUMBER)
    yield from (
        _step(_EQUAL, _CLONE3, 0, 1),
        _step(_RETURN, _REFUSE | errno.ENOSYS),
    )  # the older is then taken
    for name, numbers in calls.items():
        if (number := numbers[machine.column]) is not None:
            body = list(_checked(only.get(name)))
            yield from (_step(_EQUAL, number, 0, len(body)), *body)
    yield _step(_RETURN, _REFUSE | errno.EPERM)


def _checked(condition: _If | None) -> Iterator[bytes]:
    """Yield what lets a call through, if its condition holds, and refuses it otherwise."""
    if condition is not None:
        argument, bits, value = condition
        yield from (_step(_LOAD, _ARGUMENTS + 8 * argument), _step(_AND, bits))
        yield from (_step(_EQUAL, value, 1, 0), _step(_RETURN, _REFUSE | errno.EPERM))
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
