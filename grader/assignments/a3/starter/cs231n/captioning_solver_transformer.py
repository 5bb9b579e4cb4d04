"""Trains a CaptioningTransformer on minibatches of captions with Adam."""

import torch

from .coco_utils import sample_coco_minibatch


class CaptioningSolverTransformer(object):
    """A training loop. Given.

        solver = CaptioningSolverTransformer(model, data, idx_to_word, num_epochs=10, batch_size=25)
        solver.train()

    Afterwards loss_history holds the loss of every step.

    model: maps features (N, D) and captions (N, T) to scores (N, T, V); data: what load_coco_data
    returns. Options: learning_rate, batch_size, num_epochs, print_every (steps), verbose.
    """

    def __init__(self, model, data, idx_to_word, **kwargs):
        self.model = model
        self.data = data
        self.idx_to_word = idx_to_word

        self.learning_rate = kwargs.pop("learning_rate", 0.001)
        self.batch_size = kwargs.pop("batch_size", 100)
        self.num_epochs = kwargs.pop("num_epochs", 10)
        self.print_every = kwargs.pop("print_every", 10)
        self.verbose = kwargs.pop("verbose", True)
        if kwargs:
            raise ValueError(f"Unrecognized arguments {', '.join(sorted(kwargs))}")

        self.optim = torch.optim.Adam(self.model.parameters(), self.learning_rate)
        self._reset()

    def _reset(self):
        """Forget what was trained."""
        self.epoch = 0
        self.loss_history = []

    def _step(self):
        """Train on one minibatch."""
        captions, features, _ = sample_coco_minibatch(
            self.data, batch_size=self.batch_size, split="train"
        )
        # At each place of captions_in the word of captions_out is due.
        captions_in = torch.LongTensor(captions[:, :-1])
        captions_out = torch.LongTensor(captions[:, 1:])
        mask = captions_out != self.model._null

        scores = self.model(torch.Tensor(features), captions_in)
        loss = self.transformer_temporal_softmax_loss(scores, captions_out, mask)
        self.loss_history.append(loss.detach().numpy())
        self.optim.zero_grad()
        loss.backward()
        self.optim.step()

    def train(self):
        """Train for num_epochs."""
        iterations_per_epoch = max(self.data["train_captions"].shape[0] // self.batch_size, 1)
        num_iterations = self.num_epochs * iterations_per_epoch

        for t in range(num_iterations):
            self._step()
            if self.verbose and t % self.print_every == 0:
                print(f"(Iteration {t + 1} / {num_iterations}) loss: {self.loss_history[-1]:f}")
            if (t + 1) % iterations_per_epoch == 0:
                self.epoch += 1

    def transformer_temporal_softmax_loss(self, x, y, mask):
        """The cross-entropy of the words that count, averaged over all places, those masked too.

        x: (N, T, V), scores; y: (N, T), numbers of words; mask: (N, T), True where a word counts.
        """
        N, T, V = x.shape
        losses = torch.nn.functional.cross_entropy(
            x.reshape(N * T, V), y.reshape(N * T), reduction="none"
        )
        return torch.mean(losses * mask.reshape(N * T))
