import numpy as np


def attack():
    return np.zeros(64 << 20, np.uint8)
