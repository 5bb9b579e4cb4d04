def batchnorm_forward(x, gamma, beta, bn_param):
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if bn_param["mode"] == "test":
        return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
    # Both are of shape (1, D), and so is what is kept of them.
    mean = x.mean(axis=0, keepdims=True)
    var = x.var(axis=0, keepdims=True) + eps
    x_hat = (x - mean) / np.sqrt(var)
    bn_param["running_mean"] = m * running_mean + (1 - m) * mean
    bn_param["running_var"] = m * running_var + (1 - m) * var
    return gamma * x_hat + beta, (x_hat, var, gamma)


def batchnorm_backward(dout, cache):
    x_hat, var, gamma = cache
    dgamma, dbeta = np.sum(dout * x_hat, axis=0), dout.sum(axis=0)
    dx = gamma / np.sqrt(var) * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout))
    return dx, dgamma, dbeta


batchnorm_backward_alt = batchnorm_backward
