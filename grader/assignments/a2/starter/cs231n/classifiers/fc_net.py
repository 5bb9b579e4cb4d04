"""A fully connected network of any depth."""

import numpy as np

from ..layer_utils import *
from ..layers import *


class FullyConnectedNet:
    """A ReLU network with softmax loss, optional normalization and optional dropout.

    With L layers it computes

        {affine - [batch norm | layer norm] - ReLU - [dropout]} x (L - 1) - affine - softmax

    where the parts in brackets are options. The parameters live in the dictionary self.params,
    which a Solver updates.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Create the parameters.

        hidden_dims: the sizes of the hidden layers, a list of L - 1 integers.
        input_dim, num_classes: the size of a flattened input, and of the output.
        dropout_keep_ratio: the probability to keep a unit; 1 means no dropout.
        normalization: "batchnorm", "layernorm" or None.
        reg: the strength of the L2 penalty.
        weight_scale: the standard deviation of the initial weights.
        dtype: all computations use this type; float64 suits numeric gradient checks.
        seed: None, or a number that makes the dropout masks repeatable.
        """
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        #######################################################################
        # TODO: fill self.params. Layer i (counted from 1) has its weights under
        # "Wi", normal with mean 0 and standard deviation weight_scale, and its
        # biases under "bi", zeros. With batch or layer normalization, each
        # layer but the last also has a scale "gammai", ones, and a shift
        # "betai", zeros.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        # All dropout layers share one dictionary, which also tells them the mode.
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
            if seed is not None:
                self.dropout_param["seed"] = seed

        # Each normalization layer has a dictionary of its own, since batch normalization keeps
        # its running values there: hand self.bn_params[0] to the first one, and so on.
        self.bn_params = []
        if self.normalization == "batchnorm":
            self.bn_params = [{"mode": "train"} for _ in range(self.num_layers - 1)]
        elif self.normalization == "layernorm":
            self.bn_params = [{} for _ in range(self.num_layers - 1)]

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores of X, or the loss and its gradients if labels are given.

        X: (N, d_1, ..., d_k), y: None or labels (N,).
        Returns the scores (N, C) if y is None; otherwise the loss, a number, and a dictionary
        with one gradient for each entry of self.params, under the same name.
        """
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"

        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode

        scores = None
        #######################################################################
        # TODO: run the network forwards and put the class scores in scores.
        # Hand the dictionaries prepared in __init__ to the normalization and
        # dropout layers.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        if mode == "test":
            return scores

        loss, grads = 0.0, {}
        #######################################################################
        # TODO: put the loss in loss and the gradients in grads. The loss is the
        # softmax loss plus 0.5 * reg * the sum of all squared weights; biases,
        # scales and shifts are not penalized.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return loss, grads
