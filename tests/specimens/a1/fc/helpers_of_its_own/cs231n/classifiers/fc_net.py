from scipy.stats import norm

from ..layer_utils import *
from ..layers import *
import numpy as np


class TwoLayerNet(TwoLayerNet):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params, self.reg = {}, reg
        self.params["W1"] = norm.rvs(scale=weight_scale, size=(input_dim, hidden_dim))
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = norm.rvs(scale=weight_scale, size=(hidden_dim, num_classes))
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        scores, caches = two_affine_forward(X, self.params)
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        loss += 0.5 * self.reg * sum(np.sum(self.params[k] ** 2) for k in ("W1", "W2"))
        dh, dW2, db2 = affine_backward(dout, caches[2])
        _, dW1, db1 = affine_backward(relu_backward(dh, caches[1]), caches[0])
        dW1 += self.reg * self.params["W1"]
        dW2 += self.reg * self.params["W2"]
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
