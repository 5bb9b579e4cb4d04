import os


def attack():
    for _ in range(2000):
        os.write(1, b"spam " * 8192)
    os.write(2, b"the last words")
    return 1
