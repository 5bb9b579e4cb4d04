class FullyConnectedNet(object):
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
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        widths = [input_dim, *hidden_dims, num_classes]
        for i in range(self.num_layers):
            self.params[f"W{i}"] = weight_scale * np.random.randn(widths[i], widths[i + 1])
            self.params[f"b{i}"] = np.zeros(widths[i + 1])
            if normalization and i < self.num_layers - 1:
                self.params[f"gamma{i}"] = np.ones(widths[i + 1])
                self.params[f"beta{i}"] = np.zeros(widths[i + 1])
        self.params = {name: value.astype(dtype) for name, value in self.params.items()}
        self.dtype = dtype
        self.dropout_param = {"p": dropout_keep_ratio}
        if seed is not None:
            self.dropout_param["seed"] = seed
        self.bn_params = [{} for _ in hidden_dims]

    def loss(self, X, y=None):
        mode = "test" if y is None else "train"
        for each in (self.dropout_param, *self.bn_params):
            each["mode"] = mode
        out, done = X.astype(self.dtype), []
        last = self.num_layers - 1
        norm = {
            "batchnorm": (batchnorm_forward, batchnorm_backward),
            "layernorm": (layernorm_forward, layernorm_backward),
        }.get(self.normalization)
        for i in range(last):
            out, affine = affine_forward(out, self.params[f"W{i}"], self.params[f"b{i}"])
            normed = dropped = None
            if norm:
                out, normed = norm[0](
                    out, self.params[f"gamma{i}"], self.params[f"beta{i}"], self.bn_params[i]
                )
            out, rectified = relu_forward(out)
            if self.use_dropout:
                out, dropped = dropout_forward(out, self.dropout_param)
            done.append((affine, normed, rectified, dropped))
        scores, affine = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = {}
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dout, affine)
        for i in reversed(range(last)):
            affine, normed, rectified, dropped = done[i]
            if self.use_dropout:
                dout = dropout_backward(dout, dropped)
            dout = relu_backward(dout, rectified)
            if norm:
                dout, grads[f"gamma{i}"], grads[f"beta{i}"] = norm[1](dout, normed)
            dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, affine)
        for i in range(self.num_layers):
            loss += 0.5 * self.reg * np.sum(self.params[f"W{i}"] ** 2)
            grads[f"W{i}"] += self.reg * self.params[f"W{i}"]
        return loss, grads
