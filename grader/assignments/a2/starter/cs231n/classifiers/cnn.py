"""A small convolutional network."""

import numpy as np

from ..fast_layers import *
from ..layer_utils import *
from ..layers import *


class ThreeLayerConvNet:
    """convolution - ReLU - 2x2 max pooling - affine - ReLU - affine - softmax.

    Images arrive as (N, C, H, W). The parameters live in the dictionary self.params.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
    ):
        """Create the parameters.

        input_dim: (C, H, W) of an image.
        num_filters, filter_size: how many filters, and their height and width.
        hidden_dim, num_classes: the sizes of the hidden affine layer and of the output.
        weight_scale: the standard deviation of the initial weights.
        reg: the strength of the L2 penalty.
        dtype: all computations use this type.
        """
        self.params = {}
        self.reg = reg
        self.dtype = dtype
        #######################################################################
        # TODO: fill self.params: "W1" and "b1" for the convolution, "W2" and
        # "b2" for the hidden affine layer, "W3" and "b3" for the output layer.
        # Weights are normal with mean 0 and standard deviation weight_scale,
        # biases are zeros. The convolution keeps the height and the width (see
        # conv_param in loss); the pooling halves both.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores of X, or the loss and its gradients if labels are given.

        The arguments and the results are those of FullyConnectedNet.loss.
        """
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        W3, b3 = self.params["W3"], self.params["b3"]

        # With stride 1 and this padding an odd filter size leaves the image size unchanged.
        filter_size = W1.shape[2]
        conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}

        scores = None
        #######################################################################
        # TODO: run the network forwards and put the class scores in scores. The
        # functions of fast_layers.py and layer_utils.py are at your disposal.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        if y is None:
            return scores

        loss, grads = 0, {}
        #######################################################################
        # TODO: put the loss in loss and the gradients in grads, one for each
        # parameter. The loss is the softmax loss plus 0.5 * reg * the sum of
        # the squares of W1, W2 and W3.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return loss, grads
