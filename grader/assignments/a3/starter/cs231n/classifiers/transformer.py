"""A transformer that writes captions.

N is the number of captions in a minibatch, T their length, D the size of an image's features, V
the size of the vocabulary and W the width of a word vector.
"""

import copy

import numpy as np
import torch
import torch.nn as nn

from ..transformer_layers import *


class CaptioningTransformer(nn.Module):
    """Scores the next word at every place of a caption, given the words before and an image."""

    def __init__(
        self, word_to_idx, input_dim, wordvec_dim, num_heads=4, num_layers=2, max_length=50
    ):
        """Make the layers.

        word_to_idx: the vocabulary, word to number, V entries; input_dim: D; wordvec_dim: W;
        num_heads and num_layers: of the decoder; max_length: the length of the longest caption to
        come.
        """
        super().__init__()

        vocab_size = len(word_to_idx)
        self.vocab_size = vocab_size
        self._null = word_to_idx["<NULL>"]
        self._start = word_to_idx.get("<START>", None)
        self._end = word_to_idx.get("<END>", None)

        self.visual_projection = nn.Linear(input_dim, wordvec_dim)
        self.embedding = nn.Embedding(vocab_size, wordvec_dim, padding_idx=self._null)
        self.positional_encoding = PositionalEncoding(wordvec_dim, max_len=max_length)

        layer = TransformerDecoderLayer(input_dim=wordvec_dim, num_heads=num_heads)
        self.transformer = TransformerDecoder(layer, num_layers=num_layers)
        self.apply(self._init_weights)

        self.output = nn.Linear(wordvec_dim, vocab_size)

    def _init_weights(self, module):
        """Small normal weights, no biases; norms that change nothing at first. Given."""
        if isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
            if getattr(module, "bias", None) is not None:
                nn.init.zeros_(module.bias)

    def forward(self, features, captions):
        """The scores of all words at all places.

        All of a caption is handed in at once, so a word must be kept from seeing those after it.

        features: (N, D); captions: (N, T), numbers of words. Returns scores (N, T, V).
        """
        N, T = captions.shape
        # Yours to overwrite.
        scores = torch.empty((N, T, self.vocab_size))
        ##############################################################################
        # TODO: the forward pass.
        # - Embed the words and add where they stand; project the features to the same
        #   width: the decoder's memory is a sequence of one.
        # - A mask (T, T) lets a word see itself and those before it: torch.tril.
        # - Decode the words with the memory and the mask, and turn what comes out
        #   into scores.
        ##############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return scores

    def sample(self, features, max_length=30):
        """Write captions, at each place the word with the highest score. Given.

        features: (N, D), an array. Returns captions (N, max_length), an array.
        """
        with torch.no_grad():
            features = torch.Tensor(features)
            written = torch.full((len(features), 1), self._start)
            for _ in range(max_length):
                words = self.forward(features, written)[:, -1, :].argmax(dim=1)
                written = torch.cat([written, words[:, None]], dim=1)
            return written[:, 1:].numpy().astype(np.int32)


class TransformerDecoderLayer(nn.Module):
    """One layer of a decoder: attention to the words, to the memory, and a small network. Given."""

    def __init__(self, input_dim, num_heads, dim_feedforward=2048, dropout=0.1):
        """input_dim: the width of a token; dim_feedforward: that of the small network inside."""
        super().__init__()
        self.self_attn = MultiHeadAttention(input_dim, num_heads, dropout)
        self.multihead_attn = MultiHeadAttention(input_dim, num_heads, dropout)
        self.linear1 = nn.Linear(input_dim, dim_feedforward)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, input_dim)

        self.norm1 = nn.LayerNorm(input_dim)
        self.norm2 = nn.LayerNorm(input_dim)
        self.norm3 = nn.LayerNorm(input_dim)
        self.dropout1 = nn.Dropout(dropout)
        self.dropout2 = nn.Dropout(dropout)
        self.dropout3 = nn.Dropout(dropout)

        self.activation = nn.ReLU()

    def forward(self, tgt, memory, tgt_mask=None):
        """tgt: (N, T, W), the words; memory: (N, S, W); tgt_mask: (T, T). Returns (N, T, W)."""
        seen = self.self_attn(query=tgt, key=tgt, value=tgt, attn_mask=tgt_mask)
        tgt = self.norm1(tgt + self.dropout1(seen))

        seen = self.multihead_attn(query=tgt, key=memory, value=memory)
        tgt = self.norm2(tgt + self.dropout2(seen))

        thought = self.linear2(self.dropout(self.activation(self.linear1(tgt))))
        return self.norm3(tgt + self.dropout3(thought))


def clones(module, N):
    """N copies of a module that start out equal. Given."""
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])


class TransformerDecoder(nn.Module):
    """Layers one after the other. Given."""

    def __init__(self, decoder_layer, num_layers):
        super().__init__()
        self.layers = clones(decoder_layer, num_layers)
        self.num_layers = num_layers

    def forward(self, tgt, memory, tgt_mask=None):
        """As one layer."""
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask=tgt_mask)
        return tgt
