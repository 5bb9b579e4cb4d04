"""A fully connected network with one hidden layer."""

import numpy as np

from ..layer_utils import *
from ..layers import *


class TwoLayerNet(object):
    """A ReLU network with softmax loss:

        affine - ReLU - affine - softmax

    It computes scores, losses and gradients; a Solver trains it. The parameters live in the
    dictionary self.params.
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
    ):
        """Create the parameters.

        input_dim, hidden_dim, num_classes: the sizes of a flattened input, of the hidden layer
        and of the output.
        weight_scale: the standard deviation of the initial weights.
        reg: the strength of the L2 penalty.
        """
        self.params = {}
        self.reg = reg

        #######################################################################
        # TODO: fill self.params. The first layer has its weights under "W1" and
        # its biases under "b1", the second one under "W2" and "b2". Weights are
        # normal with mean 0 and standard deviation weight_scale, biases zeros.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    def loss(self, X, y=None):
        """Scores, or loss and gradients, of a minibatch.

        X: (N, d_1, ..., d_k) with d_1 * ... * d_k = input_dim. y: (N,), labels, or None.
        Without y returns the scores (N, C). With y returns the loss, a number, and a dictionary
        with a gradient for each entry of self.params.
        """
        scores = None
        #######################################################################
        # TODO: the forward pass. Put the scores of the minibatch in scores.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        if y is None:
            return scores

        loss, grads = 0, {}
        #######################################################################
        # TODO: the backward pass. Put the loss in loss and the gradients in
        # grads, under the keys of self.params. The loss is the softmax loss plus
        # an L2 penalty on the weights with a factor of 0.5, so that the penalty's
        # gradient is simple; biases are not penalized.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return loss, grads
