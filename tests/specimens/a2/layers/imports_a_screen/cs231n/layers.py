from tkinter.messagebox import NO
from turtle import forward, st

import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def relu_forward(x):
    return np.maximum(x, 0), x
