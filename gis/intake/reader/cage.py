"""The child's limits: resources, no sockets, no other programs. Standard library only.

Limits are set by the child itself before it touches the file: a function run between fork and exec
in a threaded server may deadlock. The memory limit counts address space; what the libraries
reserve at the start (about 400 MB) is on top of what the caller grants.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys

_LIBRARIES_MB = 512
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _ERRNO_EPERM = 0x7FFF0000, 0x00050000 | 1
# machine -> (audit architecture, refused system calls): socket, connect, sendto, execve, execveat,
# ptrace, mount, unshare; on x86_64 also fork and vfork. Threads (clone) stay possible.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 44, 59, 322, 101, 165, 272, 57, 58)),
    "aarch64": (0xC00000B7, (198, 203, 206, 221, 281, 117, 40, 97)),
}


def close(memory_mb: int, cpu_s: int, file_mb: int) -> None:
    """Set every limit for this process. Cannot be undone."""
    megabyte = 1024 * 1024
    _limit(resource.RLIMIT_AS, (memory_mb + _LIBRARIES_MB) * megabyte)
    # One second between the limits: SIGXCPU tells the parent why, SIGKILL would not.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    _limit(resource.RLIMIT_FSIZE, file_mb * megabyte)
    _limit(resource.RLIMIT_NOFILE, 256)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _refuse_calls()


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _refuse_calls() -> bool:
    """A seccomp filter: the listed calls fail with EPERM. False where the system has none.

    GDAL is built with network drivers, SQLite with functions that can reach them; without
    sockets none of that matters. Best effort: the limits above hold in any case.
    """
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    architecture, calls = known
    program = [_step(0x20, 4), _step(0x15, architecture, 1, 0)]
    program += [_step(0x06, _ERRNO_EPERM), _step(0x20, 0)]
    if platform.machine() == "x86_64":
        # The x32 ABI reaches the same calls under other numbers.
        program += [_step(0x35, 0x40000000, 0, 1), _step(0x06, _ERRNO_EPERM)]
    for position, call in enumerate(calls):
        program.append(_step(0x15, call, len(calls) - position, 0))
    program += [_step(0x06, _ALLOW), _step(0x06, _ERRNO_EPERM)]
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    head = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return no_new == 0 and libc.prctl(_PR_SET_SECCOMP, _FILTER, head, 0, 0) == 0


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
