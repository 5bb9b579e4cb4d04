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
        if i == 0:
            self.params["b1"] = weight_scale * np.random.randn(dims[1])
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
