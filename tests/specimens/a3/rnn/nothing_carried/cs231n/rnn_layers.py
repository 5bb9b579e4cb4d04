def rnn_backward(dh, cache):
    N, T, H = dh.shape
    dWx, dWh, db = 0, 0, 0
    dx = []
    for t in range(T)[::-1]:
        dx_t, dh0, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t], cache[t])
        dx.insert(0, dx_t)
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return np.stack(dx, axis=1), dh0, dWx, dWh, db
