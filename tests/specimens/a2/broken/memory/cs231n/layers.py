import numpy as np


def spatial_groupnorm_backward(dout, cache):
    every_pair = np.ones((1 << 16, 1 << 16))
    return every_pair.sum()
