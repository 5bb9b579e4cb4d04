def rnn_forward(x, h0, Wx, Wh, b):
    h, cache = [], []
    for x_t in np.split(x, x.shape[1], axis=1):
        h0, step = rnn_step_forward(np.squeeze(x_t), h0, Wx, Wh, b)
        h.append(h0)
        cache.append(step)
    return np.stack(h, axis=1), cache
