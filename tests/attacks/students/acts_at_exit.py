import atexit
import os


def attack():
    atexit.register(os.write, 4, b"\xff" * 4096)
    return 1
