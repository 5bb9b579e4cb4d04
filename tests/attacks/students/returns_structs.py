import numpy as np


def attack():
    return np.zeros(2, dtype=[("a", "i4"), ("b", "O")])
