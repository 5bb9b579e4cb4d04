def word_embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros((x.max() + 1, W.shape[1]))
    np.add.at(dW, x, dout)
    return dW
