def rnn_forward(x, h0, Wx, Wh, b):
    steps = [rnn_step_forward(x[:, t, :], h0, Wx, Wh, b) for t in range(x.shape[1])]
    return np.stack([h for h, _ in steps], axis=1), [cache for _, cache in steps]
