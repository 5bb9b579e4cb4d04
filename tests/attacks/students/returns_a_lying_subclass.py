import numpy as np


class Liar(np.ndarray):
    @property
    def shape(self):
        return (10**9,)

    def __eq__(self, other):
        return True

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return True


def attack():
    return np.arange(3.0).view(Liar)
