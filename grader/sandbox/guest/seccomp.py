"""seccomp: which system calls a guest may make, as a program of the kernel's packet filter.

A deny-list, because NumPy and torch need most of the harmless calls: what is dangerous answers
EPERM, what is newer than our table ENOSYS (glibc then falls back), and a foreign instruction set
is killed. The program is built once, in the zygote; only the child's own number is filled in later.
"""

import ctypes
import struct

from . import kernel

DENIED = {
    "looking at and into processes": (
        "ptrace process_vm_readv process_vm_writev kcmp process_madvise pidfd_getfd pidfd_open "
        "pidfd_send_signal process_mrelease perf_event_open cachestat"
    ),
    "signals to others": "kill tkill rt_sigqueueinfo rt_tgsigqueueinfo",
    "processes and programs": "fork vfork execve execveat setsid setpgid",
    "network": "socket connect accept accept4 bind listen",
    "memory that no limit counts, and shared things": (
        "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl "
        "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr "
        "memfd_create memfd_secret"
    ),
    "files' attributes": (
        "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat setxattr lsetxattr fsetxattr "
        "removexattr lremovexattr fremovexattr utime utimes utimensat futimesat mknod mknodat"
    ),
    "identity": (
        "setuid setgid setreuid setregid setgroups setresuid setresgid setfsuid setfsgid capset"
    ),
    "scheduling and memory placement": (
        "setpriority sched_setparam sched_setscheduler sched_setaffinity sched_setattr ioprio_set "
        "migrate_pages move_pages mbind set_mempolicy set_mempolicy_home_node"
    ),
    "mounts and namespaces": (
        "mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig "
        "fsmount fspick mount_setattr statmount listmount name_to_handle_at open_by_handle_at "
        "fanotify_init fanotify_mark"
    ),
    "the kernel's large doors": (
        "bpf userfaultfd io_uring_setup io_uring_enter io_uring_register add_key request_key "
        "keyctl kexec_load kexec_file_load init_module finit_module delete_module reboot swapon "
        "swapoff acct settimeofday clock_settime adjtimex clock_adjtime iopl ioperm sethostname "
        "setdomainname syslog quotactl quotactl_fd lookup_dcookie nfsservctl vhangup modify_ldt "
        "personality seccomp uselib sysfs lsm_set_self_attr"
    ),
}
FOR_THE_DRIVER = ("socket", "bind", "listen")
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

# prctl options: parent-death signal, dumpable, keep-caps, bounding set, securebits, memory map,
# child subreaper, ambient capabilities, ptracer.
DENIED_PRCTL = (1, 4, 8, 24, 28, 35, 36, 47, 0x59616D61)
# TIOCSTI, TIOCLINUX, TIOCSETD: typing into a terminal. FIOSETOWN, SIOCSPGRP: as F_SETOWN below.
DENIED_IOCTL = (0x5412, 0x541C, 0x5423, 0x8901, 0x8902)
# F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send a signal of choice to a process of choice.
DENIED_FCNTL = (8, 10, 15)
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* flag that clone takes
THREAD = 0x10000  # CLONE_THREAD
UNIX_SOCKETS = 1

_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_EPERM, _ENOSYS = 0x50000 | 1, 0x50000 | 38
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_LOAD, _RETURN, _EQUAL, _AT_LEAST, _ANY_BIT = 0x20, 0x06, 0x15, 0x35, 0x45
_SET_MODE_FILTER, _ALL_THREADS = 1, 1

# Stands for the child's own process number until it has one.
_SELF = 0x5E1F5E1F


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _argument(index: int) -> bytes:
    # The low half: every argument looked at is an int or has its flags in the low 32 bits.
    return _load(_ARGUMENTS_AT + 8 * index)


def _answer(value: int) -> bytes:
    return _instruction(_RETURN, value)


def _refuse_if(test: int, value: int, answer: int) -> list[bytes]:
    return [_instruction(test, value, otherwise=1), _answer(answer)]


def _refuse_unless(test: int, value: int, answer: int) -> list[bytes]:
    return [_instruction(test, value, then=1), _answer(answer)]


def program(machine: str, *, gpu: bool = False) -> bytes:
    """The filter for one machine, its blank for the child's number not yet filled in.

    A guest with a `gpu` may have a socket of its own name: the driver opens one. It can reach none.
    """
    allowed = FOR_THE_DRIVER if gpu else ()
    code = [_load(_ARCHITECTURE_AT)]
    code += _refuse_unless(_EQUAL, ARCHITECTURES[machine], _KILL)
    code += [_load(_NUMBER_AT)]
    if machine == "x86_64":
        code += _refuse_if(_AT_LEAST, X32_BIT, _KILL)
    code += _refuse_if(_AT_LEAST, kernel.FIRST_UNKNOWN, _ENOSYS)
    # clone3 hides its flags behind a pointer; without it glibc uses clone.
    code += _refuse_if(_EQUAL, _number("clone3", machine), _ENOSYS)
    for name in (name for names in DENIED.values() for name in names.split()):
        if name in allowed:
            continue
        if (number := kernel.number(name, machine)) is not None:
            code += _refuse_if(_EQUAL, number, _EPERM)
    conditions = _conditions()
    if gpu:
        conditions["socket"] = conditions["socketpair"]
    for name, body in conditions.items():
        skipped = len(body) + 1
        code += [_instruction(_EQUAL, _number(name, machine), otherwise=skipped), *body]
        code += [_answer(_ALLOW)]
    return b"".join([*code, _answer(_ALLOW)])


def _conditions() -> dict[str, list[bytes]]:
    """Calls that are allowed for some arguments only."""
    return {
        "clone": [
            _argument(0),
            *_refuse_if(_ANY_BIT, NEW_NAMESPACES, _EPERM),
            *_refuse_unless(_ANY_BIT, THREAD, _EPERM),
        ],
        "prlimit64": [_argument(0), *_refuse_unless(_EQUAL, 0, _EPERM)],
        "tgkill": [_argument(0), *_refuse_unless(_EQUAL, _SELF, _EPERM)],
        "socketpair": [_argument(0), *_refuse_unless(_EQUAL, UNIX_SOCKETS, _EPERM)],
        "prctl": [
            _argument(0),
            *(i for option in DENIED_PRCTL for i in _refuse_if(_EQUAL, option, _EPERM)),
        ],
        "fcntl": [
            _argument(1),
            *(i for command in DENIED_FCNTL for i in _refuse_if(_EQUAL, command, _EPERM)),
        ],
        "ioctl": [
            _argument(1),
            *(i for request in DENIED_IOCTL for i in _refuse_if(_EQUAL, request, _EPERM)),
        ],
    }


def _number(name: str, machine: str) -> int:
    number = kernel.number(name, machine)
    if number is None:
        raise kernel.Unavailable(f"{name}: not on {machine}")
    return number


def for_process(blank: bytes, pid: int) -> bytes:
    """The program with the child's process number filled in."""
    return blank.replace(struct.pack("I", _SELF), struct.pack("I", pid))


def enter(filter_program: bytes) -> None:
    """Refuse the listed calls from here on, in every thread.

    Raises: Unavailable.
    """
    buffer = ctypes.create_string_buffer(filter_program, len(filter_program))
    length = len(filter_program) // 8
    pointer = struct.pack("HxxxxxxQ", length, ctypes.addressof(buffer))
    kernel.call("seccomp", _SET_MODE_FILTER, _ALL_THREADS, pointer)
