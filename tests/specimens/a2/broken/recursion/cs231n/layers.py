def layernorm_backward(dout, cache):
    return layernorm_backward(dout, cache)
