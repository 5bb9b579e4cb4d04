"""A recurrent network that writes captions for images."""

import numpy as np

from ..rnn_layers import *


class CaptioningRNN:
    """Captions from image features, with a vanilla recurrent network or an LSTM.

    The features of an image become the first hidden state; the words of its caption are the inputs.
    D is the length of a feature vector, W that of a word vector, H that of the hidden state; there are V
    words, N captions in a minibatch, and T steps. There is no regularisation. The parameters live in the
    dictionary self.params.
    """

    def __init__(
        self,
        word_to_idx,
        input_dim=512,
        wordvec_dim=128,
        hidden_dim=128,
        cell_type="rnn",
        dtype=np.float32,
    ):
        """Create the parameters.

        word_to_idx: the vocabulary, a dictionary from words to integers from 0 to V - 1.
        input_dim, wordvec_dim, hidden_dim: D, W and H.
        cell_type: "rnn" or "lstm".
        dtype: the type of the parameters. float32 for training, float64 for gradient checks.
        """
        if cell_type not in {"rnn", "lstm"}:
            raise ValueError(f'There is no cell_type "{cell_type}": it is "rnn" or "lstm".')

        self.cell_type = cell_type
        self.dtype = dtype
        self.word_to_idx = word_to_idx
        self.idx_to_word = {i: word for word, i in word_to_idx.items()}
        self._null = word_to_idx["<NULL>"]
        self._start = word_to_idx.get("<START>")
        self._end = word_to_idx.get("<END>")

        vocab_size = len(word_to_idx)
        columns = {"rnn": hidden_dim, "lstm": 4 * hidden_dim}[cell_type]
        self.params = {
            "W_embed": np.random.randn(vocab_size, wordvec_dim) / 100,
            "W_proj": np.random.randn(input_dim, hidden_dim) / np.sqrt(input_dim),
            "b_proj": np.zeros(hidden_dim),
            "Wx": np.random.randn(wordvec_dim, columns) / np.sqrt(wordvec_dim),
            "Wh": np.random.randn(hidden_dim, columns) / np.sqrt(hidden_dim),
            "b": np.zeros(columns),
            "W_vocab": np.random.randn(hidden_dim, vocab_size) / np.sqrt(hidden_dim),
            "b_vocab": np.zeros(vocab_size),
        }
        for name, value in self.params.items():
            self.params[name] = value.astype(self.dtype)

    def loss(self, features, captions):
        """The loss of captions that are given, and its gradients by all parameters.

        features: (N, D); captions: (N, T + 1), integers, each caption begins with <START>.
        Returns the loss and a dictionary of gradients with the keys of self.params.
        """
        # The network reads all words but the last and is to say the next one each time.
        captions_in = captions[:, :-1]
        captions_out = captions[:, 1:]

        # What stands where a caption is over does not count.
        mask = captions_out != self._null

        W_proj, b_proj = self.params["W_proj"], self.params["b_proj"]
        W_embed = self.params["W_embed"]
        Wx, Wh, b = self.params["Wx"], self.params["Wh"], self.params["b"]
        W_vocab, b_vocab = self.params["W_vocab"], self.params["b_vocab"]

        loss, grads = 0.0, {}
        ############################################################################
        # TODO: work out the loss, and the gradients of all eight parameters.
        #
        # Forwards: (1) an affine layer makes the first hidden state (N, H) of the
        # features; (2) captions_in becomes word vectors (N, T, W); (3) a vanilla
        # RNN or an LSTM, as self.cell_type says, makes hidden states (N, T, H) of
        # them; (4) a temporal affine layer makes scores (N, T, V) of these; (5) a
        # temporal softmax compares the scores with captions_out, where the mask
        # says so.
        #
        # Backwards: put the gradient of self.params[name] in grads[name]. There is
        # no gradient for the features.
        #
        # All these layers are in rnn_layers.py.
        ############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return loss, grads

    def sample(self, features, max_length=30):
        """Write a caption for each image, word after word, always the word with the highest score.

        The features become the first hidden state, and <START> is the first word that is read. At every
        step the network reads the word that it has written last.

        features: (N, D); max_length: how many words a caption has at most.
        Returns captions (N, max_length), integers from 0 to V - 1. The first column holds the first
        word that was written, not <START>.
        """
        N = features.shape[0]
        captions = self._null * np.ones((N, max_length), dtype=np.int32)

        W_proj, b_proj = self.params["W_proj"], self.params["b_proj"]
        W_embed = self.params["W_embed"]
        Wx, Wh, b = self.params["Wx"], self.params["Wh"], self.params["b"]
        W_vocab, b_vocab = self.params["W_vocab"], self.params["b_vocab"]

        ############################################################################
        # TODO: fill captions. At each step: (1) the vector of the word written
        # last; (2) one step of the RNN or the LSTM, with rnn_step_forward or
        # lstm_step_forward: rnn_forward and lstm_forward would need all words at
        # once; (3) the scores of all words; (4) the word with the highest one, as
        # the next column of captions and as the next input.
        #
        # You need not stop at <END>. The cell state of an LSTM starts as zeros.
        ############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return captions
