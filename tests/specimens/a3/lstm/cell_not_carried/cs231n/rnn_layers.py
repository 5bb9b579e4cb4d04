def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h, cache = np.zeros((N, T, h0.shape[1])), []
    for t in range(T):
        h0, _, step = lstm_step_forward(x[:, t], h0, np.zeros_like(h0), Wx, Wh, b)
        h[:, t] = h0
        cache.append(step)
    return h, cache
