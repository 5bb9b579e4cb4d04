"""The training loop: minibatches, an update rule, accuracies, and the best parameters kept."""

import numpy as np

from . import optim


class Solver:
    """Train a model on minibatches and keep the parameters with the best validation accuracy.

        solver = Solver(model, data, update_rule="sgd_momentum",
                        optim_config={"learning_rate": 1e-3}, num_epochs=5)
        solver.train()

    The model needs two things: a dictionary `params` of arrays, and a method `loss(X, y)` that
    returns the loss and a dictionary of gradients with the keys of `params`, and that returns
    the scores (N, C) when it is called as `loss(X)`.

    After training, `loss_history` has one entry per step, `train_acc_history` and
    `val_acc_history` one per epoch and one more for the first step, and `model.params` are the
    parameters that did best on the validation set.
    """

    def __init__(self, model, data, **kwargs):
        """Prepare the training of model on data.

        data: a dictionary with the arrays X_train, y_train, X_val and y_val.

        Keyword arguments:
        update_rule: the name of a function in optim.py (default "sgd").
        optim_config: the hyperparameters of that rule; every parameter gets its own copy.
        lr_decay: the learning rate is multiplied by this after each epoch (default 1).
        batch_size, num_epochs: defaults 100 and 10.
        num_train_samples: how many training samples an accuracy is measured on (default 1000).
        num_val_samples: the same for validation; None, the default, takes all.
        checkpoint_name: if given, the state is saved as <checkpoint_name>_epoch_<n>.npz.
        print_every: a loss is printed every so many steps (default 10).
        verbose: False for silence (default True).
        """
        self.model = model
        self.X_train = data["X_train"]
        self.y_train = data["y_train"]
        self.X_val = data["X_val"]
        self.y_val = data["y_val"]

        self.update_rule = kwargs.pop("update_rule", "sgd")
        self.optim_config = kwargs.pop("optim_config", {})
        self.lr_decay = kwargs.pop("lr_decay", 1.0)
        self.batch_size = kwargs.pop("batch_size", 100)
        self.num_epochs = kwargs.pop("num_epochs", 10)
        self.num_train_samples = kwargs.pop("num_train_samples", 1000)
        self.num_val_samples = kwargs.pop("num_val_samples", None)
        self.checkpoint_name = kwargs.pop("checkpoint_name", None)
        self.print_every = kwargs.pop("print_every", 10)
        self.verbose = kwargs.pop("verbose", True)

        if kwargs:
            raise ValueError(f"Solver does not know these arguments: {', '.join(sorted(kwargs))}")
        if not hasattr(optim, self.update_rule):
            raise ValueError(f'optim.py has no update rule "{self.update_rule}"')
        self.update_rule = getattr(optim, self.update_rule)

        self._reset()

    def _reset(self):
        """Forget all progress; the model's parameters stay as they are."""
        self.epoch = 0
        self.best_val_acc = 0
        self.best_params = {}
        self.loss_history = []
        self.train_acc_history = []
        self.val_acc_history = []
        self.optim_configs = {name: dict(self.optim_config) for name in self.model.params}

    def _step(self):
        """Update every parameter once, with the gradients of one random minibatch."""
        batch = np.random.choice(self.X_train.shape[0], self.batch_size)
        loss, grads = self.model.loss(self.X_train[batch], self.y_train[batch])
        self.loss_history.append(loss)

        for name, w in self.model.params.items():
            w_next, config = self.update_rule(w, grads[name], self.optim_configs[name])
            self.model.params[name] = w_next
            self.optim_configs[name] = config

    def _save_checkpoint(self):
        """Save the parameters and the histories, if a checkpoint name was given."""
        if self.checkpoint_name is None:
            return
        filename = f"{self.checkpoint_name}_epoch_{self.epoch}.npz"
        if self.verbose:
            print(f"Saving checkpoint to {filename}")
        np.savez(
            filename,
            loss_history=self.loss_history,
            train_acc_history=self.train_acc_history,
            val_acc_history=self.val_acc_history,
            **{f"params/{name}": value for name, value in self.model.params.items()},
        )

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """The fraction of X that the model labels as y says.

        num_samples: if X is larger, the accuracy is measured on a random sample of this size.
        batch_size: X is cut into pieces of this size, which bounds the memory used.
        """
        N = X.shape[0]
        if num_samples is not None and N > num_samples:
            sample = np.random.choice(N, num_samples)
            N, X, y = num_samples, X[sample], y[sample]

        labels = [
            np.argmax(self.model.loss(X[start : start + batch_size]), axis=1)
            for start in range(0, N, batch_size)
        ]
        return np.mean(np.hstack(labels) == y)

    def train(self):
        """Run the whole training."""
        steps_per_epoch = max(self.X_train.shape[0] // self.batch_size, 1)
        num_steps = self.num_epochs * steps_per_epoch

        for t in range(num_steps):
            self._step()
            if self.verbose and t % self.print_every == 0:
                print(f"(Iteration {t + 1} / {num_steps}) loss: {self.loss_history[-1]:f}")

            epoch_end = (t + 1) % steps_per_epoch == 0
            if epoch_end:
                self.epoch += 1
                for config in self.optim_configs.values():
                    config["learning_rate"] *= self.lr_decay

            if t == 0 or epoch_end:
                self._measure()

        self.model.params = self.best_params

    def _measure(self):
        """Measure both accuracies and keep the parameters if they are the best so far."""
        train_acc = self.check_accuracy(
            self.X_train, self.y_train, num_samples=self.num_train_samples
        )
        val_acc = self.check_accuracy(self.X_val, self.y_val, num_samples=self.num_val_samples)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        self._save_checkpoint()
        if self.verbose:
            print(
                f"(Epoch {self.epoch} / {self.num_epochs}) "
                f"train acc: {train_acc:f}; val_acc: {val_acc:f}"
            )
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params = {name: w.copy() for name, w in self.model.params.items()}
