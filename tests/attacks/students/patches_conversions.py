import numpy as np


def attack():
    np.asarray = lambda *args, **kwargs: "not an array"
    np.ascontiguousarray = lambda *args, **kwargs: None
    return np.array([13.0])
