def relu_backward(dout, cache):
    x = cache
    dout[x <= 0] = 0
    return dout
