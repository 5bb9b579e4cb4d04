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
        loss += 0.5 * self.reg * np.sum(self.params["W%d" % L] ** 2)
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
