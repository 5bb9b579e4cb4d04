import numpy as np


def relu_backward(dout, cache):
    return np.einsum("ij,ij->ij", dout, (cache > 0).astype(float))
