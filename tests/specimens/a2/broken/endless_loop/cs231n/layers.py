def spatial_groupnorm_backward(dout, cache):
    i = 0
    while i < len(dout):
        dout[i] *= 2
    return dout
