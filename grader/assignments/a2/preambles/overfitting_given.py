class FullyConnectedNet:
    """Has no weights: what its settings are good for is found out on the host."""

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
        self.params = {}
        self.grader_classes = num_classes
        self.grader_scale = weight_scale

    def loss(self, X, y=None):
        scores = np.zeros((len(X), self.grader_classes))
        return scores if y is None else (0.0, {})


class Solver:
    """Remembers what would have been tried."""

    def __init__(self, model, data, **kwargs):
        self.model, self.data = model, data
        self.optim_config = kwargs.get("optim_config", {})
        self.best_params, self.best_val_acc = {}, 0.0
        self.loss_history, self.train_acc_history, self.val_acc_history = [0.0], [0.0], [0.0]

    def train(self):
        rate = self.optim_config.get("learning_rate", 1e-2)
        grader_tried.append((float(self.model.grader_scale), float(rate)))

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        return 0.0


def grader_best():
    return np.array(grader_tried)


def grader_overfit(hidden_dims):
    return None
