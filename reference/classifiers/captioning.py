"""Captions for images: a recurrent network that starts from the image and writes word after word.

Source: "Show and Tell: A Neural Image Caption Generator", arXiv:1411.4555; CS231n notes,
"Recurrent Neural Networks", image captioning.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from reference.arrays import Array
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.embedding import word_embedding_backward, word_embedding_forward
from reference.layers.lstm import lstm_backward, lstm_forward, lstm_step_forward
from reference.layers.rnn import rnn_backward, rnn_forward, rnn_step_forward
from reference.layers.temporal import (
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
)


class CaptioningRNN:
    """Scores the next word at every place of a caption, given the image and the words so far.

        h0     = features W_proj + b_proj                  (N, H)
        words  = W_embed[captions]                         (N, T, W)
        h      = rnn or lstm(words, h0; Wx, Wh, b)         (N, T, H)
        scores = h W_vocab + b_vocab                       (N, T, V)

    word_to_idx is the vocabulary: word to integer in 0..V-1, among them "<NULL>" and, to sample,
    "<START>" and optionally "<END>". D is input_dim, W wordvec_dim, H hidden_dim; cell_type is
    "rnn" or "lstm". Raises ValueError for another cell_type.

    params holds W_embed (V, W), W_proj (D, H), Wx (W, H), Wh (H, H) and W_vocab (H, V), drawn from
    a normal distribution of deviation 1/√rows (W_embed: 0.01), and b_proj, b, b_vocab (zeros), all
    of type dtype. For an LSTM Wx, Wh and b have 4H columns, in the order i, f, o, g.
    """

    def __init__(  # noqa: PLR0917 - the course's signature
        self,
        word_to_idx: Mapping[str, int],
        input_dim: int = 512,
        wordvec_dim: int = 128,
        hidden_dim: int = 128,
        cell_type: str = "rnn",
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        if cell_type not in {"rnn", "lstm"}:
            raise ValueError(f'cell_type must be "rnn" or "lstm", not {cell_type!r}')
        self.cell_type = cell_type
        self.dtype = dtype
        self.word_to_idx = word_to_idx
        self.idx_to_word = {index: word for word, index in word_to_idx.items()}
        self._null = word_to_idx["<NULL>"]
        self._start = word_to_idx.get("<START>")
        self._end = word_to_idx.get("<END>")

        D, W, H, V = input_dim, wordvec_dim, hidden_dim, len(word_to_idx)
        columns = 4 * H if cell_type == "lstm" else H
        params = {
            "W_embed": np.random.randn(V, W) / 100,
            "W_proj": np.random.randn(D, H) / np.sqrt(D),
            "b_proj": np.zeros(H),
            "Wx": np.random.randn(W, columns) / np.sqrt(W),
            "Wh": np.random.randn(H, columns) / np.sqrt(H),
            "b": np.zeros(columns),
            "W_vocab": np.random.randn(H, V) / np.sqrt(H),
            "b_vocab": np.zeros(V),
        }
        self.params: dict[str, Array] = {name: p.astype(dtype) for name, p in params.items()}

    def loss(self, features: Array, captions: Array) -> tuple[float, dict[str, Array]]:
        """Return the loss of captions under the model, and its gradients.

        The network reads captions[:, :-1] and is to predict captions[:, 1:], at every place from
        the true words before it. Places where the word to predict is <NULL> do not count. The loss
        is temporal_softmax_loss, without a penalty on the weights.

        Shapes: features (N, D); captions (N, T + 1), words as integers, <START> first. The
        gradients have the keys and shapes of params.
        """
        params = self.params
        recurrent = (params["Wx"], params["Wh"], params["b"])
        words_in, words_out = captions[:, :-1], captions[:, 1:]
        is_lstm = self.cell_type == "lstm"
        forward, backward = (
            (lstm_forward, lstm_backward) if is_lstm else (rnn_forward, rnn_backward)
        )

        images = features.astype(self.dtype)
        h0, h0_cache = affine_forward(images, params["W_proj"], params["b_proj"])
        words, words_cache = word_embedding_forward(words_in, params["W_embed"])
        h, h_cache = forward(words, h0, *recurrent)
        scores, scores_cache = temporal_affine_forward(h, params["W_vocab"], params["b_vocab"])
        loss, dscores = temporal_softmax_loss(scores, words_out, words_out != self._null)

        grads: dict[str, Array] = {}
        dh, grads["W_vocab"], grads["b_vocab"] = temporal_affine_backward(dscores, scores_cache)
        dwords, dh0, grads["Wx"], grads["Wh"], grads["b"] = backward(dh, h_cache)
        grads["W_embed"] = word_embedding_backward(dwords, words_cache)
        _, grads["W_proj"], grads["b_proj"] = affine_backward(dh0, h0_cache)
        return loss, grads

    def sample(self, features: Array, max_length: int = 30) -> Array:
        """Write a caption for each image, at each place the word with the highest score.

        The first word is written after reading <START>, every other after reading the one before.
        <START> is not part of the caption; what follows <END> is <NULL>.

        Shapes: features (N, D); result (N, max_length), int32.
        Raises ValueError if the vocabulary has no <START>.
        """
        if self._start is None:
            raise ValueError('sampling needs the word "<START>" in word_to_idx')
        params = self.params
        recurrent = (params["Wx"], params["Wh"], params["b"])
        images = features.astype(self.dtype)
        h, _ = affine_forward(images, params["W_proj"], params["b_proj"])
        c = np.zeros_like(h)

        captions: Array = np.full((len(features), max_length), self._null, dtype=np.int32)
        words = np.full(len(features), self._start)
        writing = np.ones(len(features), dtype=bool)
        for t in range(max_length):
            x = params["W_embed"][words]
            if self.cell_type == "lstm":
                h, c, _ = lstm_step_forward(x, h, c, *recurrent)
            else:
                h, _ = rnn_step_forward(x, h, *recurrent)
            scores, _ = affine_forward(h, params["W_vocab"], params["b_vocab"])
            words = scores.argmax(axis=1)
            captions[writing, t] = words[writing]
            if self._end is not None:
                writing &= words != self._end
        return captions
