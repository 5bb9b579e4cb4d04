import numpy as np
from ..layers import *
from ..layer_utils import *


def loss(self, X, y=None):
    X = X.astype(self.dtype)
    mode = "test" if y is None else "train"
    if self.use_dropout:
        self.dropout_param["mode"] = mode
    for p in self.bn_params:
        p["mode"] = mode
    L, P = self.num_layers, self.params
    h, caches = X, []
    for i in range(1, L):
        norm = (P[f"gamma{i}"], P[f"beta{i}"], self.bn_params[i - 1]) if self.normalization else None
        drop = self.dropout_param if self.use_dropout else None
        h, c = hidden_forward(h, P[f"W{i}"], P[f"b{i}"], self.normalization, norm, drop)
        caches.append(c)
    scores, last = affine_forward(h, P[f"W{L}"], P[f"b{L}"])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads[f"W{L}"], grads[f"b{L}"] = affine_backward(d, last)
    for i in range(L - 1, 0, -1):
        d, grads[f"W{i}"], grads[f"b{i}"], dgamma, dbeta = hidden_backward(d, caches[i - 1])
        if self.normalization:
            grads[f"gamma{i}"], grads[f"beta{i}"] = dgamma, dbeta
    for name in P:
        if name.startswith("W"):
            loss = loss + self.reg * np.sum(P[name] * P[name]) / 2
            grads[name] = grads[name] + self.reg * P[name]
    return loss, grads


FullyConnectedNet.loss = loss
