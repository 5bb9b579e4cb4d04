from ..layer_utils import *
from ..layers import *
import numpy as np


class TwoLayerNet(TwoLayerNet):
    def loss(self, X, y=None):
        h, c1 = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, c2 = affine_relu_forward(h, self.params["W2"], self.params["b2"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {}
        d, grads["W2"], grads["b2"] = affine_relu_backward(d, c2)
        _, grads["W1"], grads["b1"] = affine_relu_backward(d, c1)
        for name in ("W1", "W2"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] += self.reg * self.params[name]
        return loss, grads
