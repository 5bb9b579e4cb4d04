import numpy as np


def attack():
    taken = []
    for _ in range(200):
        taken.append(np.ones(32 << 20, np.uint8))
    return 1
