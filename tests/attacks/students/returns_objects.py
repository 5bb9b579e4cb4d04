import numpy as np


def attack():
    return np.array([{"a": 1}, print], dtype=object)
