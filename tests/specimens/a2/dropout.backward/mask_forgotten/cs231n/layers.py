def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout / dropout_param['p']
