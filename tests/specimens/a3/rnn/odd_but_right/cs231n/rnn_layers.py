def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.hstack([x, prev_h]) @ np.vstack([Wx, Wh]) + b)
    return next_h, {"in": np.hstack([x, prev_h]), "D": x.shape[1], "W": np.vstack([Wx, Wh]), "h": next_h}


def rnn_step_backward(dnext_h, cache):
    print("going back", dnext_h.shape)
    dnext_h *= 1 - cache["h"] ** 2
    D = cache["D"]
    d_in = dnext_h @ cache["W"].T
    dW = cache["in"].T @ dnext_h
    return d_in[:, :D], d_in[:, D:], dW[:D], dW[D:], np.ones(len(dnext_h)) @ dnext_h


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h, caches = np.zeros((N, T, h0.shape[1]), dtype=np.float32), {}
    for t in range(T):
        h0, caches[t] = rnn_step_forward(x[:, t], h0, Wx, Wh, b)
        h[:, t] = h0
    return h, (caches, T, D)


def rnn_backward(dh, cache):
    caches, T, D = cache
    dx = np.empty((dh.shape[0], T, D))
    total = None
    for t in range(T - 1, -1, -1):
        dx[:, t], dh0, *weights = rnn_step_backward(dh[:, t], caches[t])
        if t:
            dh[:, t - 1] += dh0
        total = weights if total is None else [a + b for a, b in zip(total, weights)]
    return (dx, dh0, *total)


def word_embedding_backward(dout, cache):
    x, W = cache
    hot = np.eye(W.shape[0])[x.reshape(-1)]
    return hot.T @ dout.reshape(-1, W.shape[1])
