import sys


def attack():
    sys.modules["guest.wire"].frame = lambda header, arrays=(): [memoryview(b"\0" * 64)]
    return 1
