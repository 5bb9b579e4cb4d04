"""Training loop: minibatch steps, accuracy at every epoch, the best parameters kept.

Source: CS231n notes, "Neural Networks Part 3", babysitting the learning process.
"""

import logging
from collections.abc import Mapping
from typing import Any, Protocol, overload

import numpy as np

from reference.arrays import Array, Param
from reference.optim import UPDATE_RULES

logger = logging.getLogger(__name__)


class Model(Protocol):
    """What can be trained."""

    params: dict[str, Array]

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> tuple[float, dict[str, Array]]: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | tuple[float, dict[str, Array]]:
        """Return the scores, or with labels the loss and a gradient for every parameter."""


class Solver:
    """Train a model on data["X_train"], data["y_train"]; validate on data["X_val"], data["y_val"].

    update_rule names a function of reference.optim, optim_config its settings, of which every
    parameter gets its own copy; lr_decay multiplies the learning rate after each epoch. Accuracies
    are measured on num_train_samples and num_val_samples random samples, None for all.
    With a checkpoint_name the parameters and histories of each measurement are saved in
    <checkpoint_name>_epoch_<epoch>.npz. With verbose the loss (every print_every steps) and the
    accuracies are logged at level INFO.

    Minibatches and samples are drawn, with replacement, from NumPy's global generator.
    Raises ValueError for an unknown update rule or keyword.

    loss_history has an entry per step; train_acc_history and val_acc_history have one for the
    first step and one per epoch.
    """

    def __init__(
        self,
        model: Model,
        data: Mapping[str, Array],
        *,
        update_rule: str = "sgd",
        optim_config: Param | None = None,
        lr_decay: float = 1.0,
        batch_size: int = 100,
        num_epochs: int = 10,
        num_train_samples: int | None = 1000,
        num_val_samples: int | None = None,
        checkpoint_name: str | None = None,
        print_every: int = 10,
        verbose: bool = True,
        **unknown: object,
    ) -> None:
        if unknown:
            raise ValueError(f"Solver has no keyword {', '.join(sorted(unknown))}")
        if update_rule not in UPDATE_RULES:
            names = ", ".join(UPDATE_RULES)
            raise ValueError(f"update_rule must be one of {names}, not {update_rule!r}")
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = UPDATE_RULES[update_rule]
        self.optim_config = dict(optim_config or {})
        self.lr_decay = lr_decay
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self.print_every = print_every
        self.verbose = verbose

        self.epoch = 0
        self.best_val_acc = 0.0
        # A model that never gets anything right ends where it started, not without parameters.
        self.best_params = {name: w.copy() for name, w in model.params.items()}
        self.loss_history: list[float] = []
        self.train_acc_history: list[float] = []
        self.val_acc_history: list[float] = []
        self.optim_configs = {name: dict(self.optim_config) for name in model.params}

    def train(self) -> None:
        """Run all epochs, then give the model the parameters of the best validation accuracy."""
        steps_per_epoch = max(len(self.X_train) // self.batch_size, 1)
        steps = self.num_epochs * steps_per_epoch
        for step in range(steps):
            self._step()
            if self.verbose and step % self.print_every == 0:
                logger.info("step %d of %d: loss %f", step + 1, steps, self.loss_history[-1])
            epoch_ends = (step + 1) % steps_per_epoch == 0
            if epoch_ends:
                self.epoch += 1
                for config in self.optim_configs.values():
                    config["learning_rate"] *= self.lr_decay
            if step == 0 or epoch_ends:
                self._measure()
        self.model.params = self.best_params

    def check_accuracy(
        self, X: Array, y: Array, num_samples: int | None = None, batch_size: int = 100
    ) -> float:
        """Return the share of samples whose highest score is their label.

        num_samples limits the work to a random sample; batch_size bounds the memory.
        """
        if num_samples is not None and len(X) > num_samples:
            chosen = np.random.choice(len(X), num_samples)
            X, y = X[chosen], y[chosen]
        starts = range(0, len(X), batch_size)
        predicted = [self.model.loss(X[i : i + batch_size]).argmax(axis=1) for i in starts]
        return float(np.mean(np.concatenate(predicted) == y))

    def _step(self) -> None:
        batch = np.random.choice(len(self.X_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[batch], self.y_train[batch])
        self.loss_history.append(loss)
        for name, w in self.model.params.items():
            config = self.optim_configs[name]
            self.model.params[name], self.optim_configs[name] = self.update_rule(
                w, grads[name], config
            )

    def _measure(self) -> None:
        train = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        validation = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train)
        self.val_acc_history.append(validation)
        if self.verbose:
            accuracies = (self.epoch, self.num_epochs, train, validation)
            logger.info("epoch %d of %d: train acc %f, val acc %f", *accuracies)
        if validation > self.best_val_acc:
            self.best_val_acc = validation
            self.best_params = {name: w.copy() for name, w in self.model.params.items()}
        if self.checkpoint_name is not None:
            self._save(f"{self.checkpoint_name}_epoch_{self.epoch}.npz")

    def _save(self, path: str) -> None:
        arrays: dict[str, Any] = {f"params/{name}": w for name, w in self.model.params.items()}
        arrays["loss_history"] = np.array(self.loss_history)
        arrays["train_acc_history"] = np.array(self.train_acc_history)
        arrays["val_acc_history"] = np.array(self.val_acc_history)
        np.savez(path, **arrays)
