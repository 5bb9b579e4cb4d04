import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(*numbers):
    """The numbers of the calls that were not refused with EPERM or ENOSYS."""
    passed = []
    for number in numbers:
        ctypes.set_errno(0)
        libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
        if ctypes.get_errno() not in (1, 38):
            passed.append(number)
    return passed
