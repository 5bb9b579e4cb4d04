import numpy as np


def __init__(
    self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout_keep_ratio=1,
    normalization=None, reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None,
):
    self.normalization = normalization
    self.use_dropout = dropout_keep_ratio != 1
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}
    dims = [input_dim] + list(hidden_dims) + [num_classes]
    for i in range(self.num_layers):
        self.params["W" + str(i + 1)] = weight_scale * np.random.randn(dims[i], dims[i + 1])
        self.params["b" + str(i + 1)] = np.zeros(dims[i + 1])
        if normalization and i < self.num_layers - 1:
            self.params["gamma" + str(i + 1)] = np.ones(dims[i + 1])
            self.params["beta" + str(i + 1)] = np.zeros(dims[i + 1])
    self.dropout_param = {}
    if self.use_dropout:
        self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
        if seed is not None:
            self.dropout_param["seed"] = seed
    self.bn_params = []
    if normalization == "batchnorm":
        self.bn_params = [{"mode": "train"} for _ in hidden_dims]
    if normalization == "layernorm":
        self.bn_params = [{} for _ in hidden_dims]
    for k in self.params:
        self.params[k] = self.params[k].astype(dtype)


FullyConnectedNet.__init__ = __init__


import numpy as np
from cs231n.layers import *
from cs231n.layer_utils import *


def loss(self, X, y=None):
    X = X.astype(self.dtype)
    mode = "test" if y is None else "train"
    if self.use_dropout:
        self.dropout_param["mode"] = mode
    if self.normalization == "batchnorm":
        for bn_param in self.bn_params:
            bn_param["mode"] = mode

    L = self.num_layers
    h = X
    caches = {}
    for i in range(1, L):
        h, caches["fc%d" % i] = affine_forward(h, self.params["W%d" % i], self.params["b%d" % i])
        if self.normalization == "batchnorm":
            gamma, beta = self.params["gamma%d" % i], self.params["beta%d" % i]
            h, caches["norm%d" % i] = batchnorm_forward(h, gamma, beta, self.bn_params[i - 1])
        elif self.normalization == "layernorm":
            gamma, beta = self.params["gamma%d" % i], self.params["beta%d" % i]
            h, caches["norm%d" % i] = layernorm_forward(h, gamma, beta, self.bn_params[i - 1])
        h, caches["relu%d" % i] = relu_forward(h)
        if self.use_dropout:
            h, caches["drop%d" % i] = dropout_forward(h, self.dropout_param)
    scores, caches["out"] = affine_forward(h, self.params["W%d" % L], self.params["b%d" % L])
    if mode == "test":
        return scores

    grads = {}
    loss, d = softmax_loss(scores, y)
    for i in range(1, L + 1):
        loss += 0.5 * self.reg * np.sum(self.params["W%d" % i] ** 2)
    d, grads["W%d" % L], grads["b%d" % L] = affine_backward(d, caches["out"])
    grads["W%d" % L] += self.reg * self.params["W%d" % L]
    for i in range(L - 1, 0, -1):
        if self.use_dropout:
            d = dropout_backward(d, caches["drop%d" % i])
        d = relu_backward(d, caches["relu%d" % i])
        if self.normalization == "batchnorm":
            d, grads["gamma%d" % i], grads["beta%d" % i] = batchnorm_backward(d, caches["norm%d" % i])
        elif self.normalization == "layernorm":
            d, grads["gamma%d" % i], grads["beta%d" % i] = layernorm_backward(d, caches["norm%d" % i])
        d, grads["W%d" % i], grads["b%d" % i] = affine_backward(d, caches["fc%d" % i])
        grads["W%d" % i] += self.reg * self.params["W%d" % i]
    return loss, grads


FullyConnectedNet.loss = loss
