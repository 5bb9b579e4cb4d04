"""The training loop of captioning networks: minibatches and an update rule."""

from . import optim
from .coco_utils import sample_coco_minibatch


class CaptioningSolver:
    """Train a captioning network on minibatches.

        solver = CaptioningSolver(model, data, update_rule="adam",
                                  optim_config={"learning_rate": 5e-3}, num_epochs=50, batch_size=25)
        solver.train()

    The model needs two things: a dictionary `params` of arrays, and a method `loss(features, captions)`
    that returns the loss and a dictionary of gradients with the keys of `params`.

    After training, `loss_history` has one entry per step.
    """

    def __init__(self, model, data, **kwargs):
        """Prepare the training of model on data, a dictionary from load_coco_data.

        Keyword arguments:
        update_rule: the name of a function in optim.py (default "sgd").
        optim_config: the hyperparameters of that rule; every parameter gets its own copy.
        lr_decay: the learning rate is multiplied by this after each epoch (default 1).
        batch_size, num_epochs: defaults 100 and 10.
        print_every: a loss is printed every so many steps (default 10).
        verbose: False for silence (default True).
        """
        self.model = model
        self.data = data

        self.update_rule = kwargs.pop("update_rule", "sgd")
        self.optim_config = kwargs.pop("optim_config", {})
        self.lr_decay = kwargs.pop("lr_decay", 1.0)
        self.batch_size = kwargs.pop("batch_size", 100)
        self.num_epochs = kwargs.pop("num_epochs", 10)
        self.print_every = kwargs.pop("print_every", 10)
        self.verbose = kwargs.pop("verbose", True)

        if kwargs:
            unknown = ", ".join(sorted(kwargs))
            raise ValueError(f"CaptioningSolver does not know these arguments: {unknown}")
        if not hasattr(optim, self.update_rule):
            raise ValueError(f'optim.py has no update rule "{self.update_rule}"')
        self.update_rule = getattr(optim, self.update_rule)

        self._reset()

    def _reset(self):
        """Forget all progress; the model's parameters stay as they are."""
        self.epoch = 0
        self.loss_history = []
        self.optim_configs = {name: dict(self.optim_config) for name in self.model.params}

    def _step(self):
        """Update every parameter once, with the gradients of one random minibatch."""
        captions, features, _ = sample_coco_minibatch(self.data, self.batch_size, "train")
        loss, grads = self.model.loss(features, captions)
        self.loss_history.append(loss)

        for name, w in self.model.params.items():
            w_next, config = self.update_rule(w, grads[name], self.optim_configs[name])
            self.model.params[name] = w_next
            self.optim_configs[name] = config

    def train(self):
        """Run the whole training."""
        steps_per_epoch = max(self.data["train_captions"].shape[0] // self.batch_size, 1)
        num_steps = self.num_epochs * steps_per_epoch

        for t in range(num_steps):
            self._step()
            if self.verbose and t % self.print_every == 0:
                print(f"(Iteration {t + 1} / {num_steps}) loss: {self.loss_history[-1]:f}")

            if (t + 1) % steps_per_epoch == 0:
                self.epoch += 1
                for config in self.optim_configs.values():
                    config["learning_rate"] *= self.lr_decay
