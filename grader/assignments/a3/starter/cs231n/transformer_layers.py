"""Layers of a transformer: where a word stands, and attention.

N is the number of sequences in a minibatch, S and T are lengths of sequences, E (or D) the width
of a token, H the number of heads.
"""

import math

import torch
import torch.nn as nn
from torch.nn import functional as F


class PositionalEncoding(nn.Module):
    """Adds to every token a vector of sines and cosines that depends on its place alone."""

    def __init__(self, embed_dim, dropout=0.1, max_len=5000):
        """Make the table.

        embed_dim: the width of a token, an even number; dropout: the probability to drop an entry;
        max_len: the length of the longest sequence to come.
        """
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        assert embed_dim % 2 == 0
        # The first axis is there to broadcast over the minibatch.
        pe = torch.zeros(1, max_len, embed_dim)
        ##############################################################################
        # TODO: fill pe as the notebook defines it: rows are positions, columns
        # alternate between a sine and a cosine, and two neighbours share an exponent
        # (0, 0, 2, 2, 4, 4, ...).
        ##############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        # A buffer is saved and moved with the module, and not learned.
        self.register_buffer("pe", pe)

    def forward(self, x):
        """Add the table's first rows to a sequence, then apply dropout.

        x: (N, S, D). Returns an output of the same shape.
        """
        N, S, D = x.shape
        # Yours to overwrite.
        output = torch.empty((N, S, D))
        ##############################################################################
        # TODO: add the encodings of the first S positions to x, and drop entries of
        # the sum with self.dropout.
        ##############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return output


class MultiHeadAttention(nn.Module):
    """Attention with several heads, after https://arxiv.org/abs/1706.03762.

        attention = MultiHeadAttention(embed_dim, num_heads=2)
        of_itself = attention(query=data, key=data, value=data)
        of_another = attention(query=data, key=other, value=other)
    """

    def __init__(self, embed_dim, num_heads, dropout=0.1):
        """Make the layers.

        embed_dim: the width of a token; num_heads: the number of heads, which divides it; dropout:
        the probability to drop an attention weight.
        """
        super().__init__()
        assert embed_dim % num_heads == 0

        # Leave the order as it is: it decides which random weights each layer starts from.
        self.key = nn.Linear(embed_dim, embed_dim)
        self.query = nn.Linear(embed_dim, embed_dim)
        self.value = nn.Linear(embed_dim, embed_dim)
        self.proj = nn.Linear(embed_dim, embed_dim)

        self.attn_drop = nn.Dropout(dropout)

        self.n_head = num_heads
        self.emd_dim = embed_dim
        self.head_dim = self.emd_dim // self.n_head

    def forward(self, query, key, value, attn_mask=None):
        """What each query gathers from the values.

        query: (N, S, E); key and value: (N, T, E); attn_mask: (S, T), where a 0 (or False) at [i,
        j] keeps query i from gathering anything of value j. Returns an output (N, S, E).
        """
        N, S, E = query.shape
        N, T, E = value.shape
        # Yours to overwrite.
        output = torch.empty((N, S, E))
        ##############################################################################
        # TODO: the attention that the notebook defines, all heads at once.
        # - Split the last axis into heads: (N, T, E) becomes (N, T, H, E/H). An axis
        #   of heads that comes before those of the matrices is a batch to
        #   torch.matmul.
        # - The mask acts on the scores, before the softmax: masked_fill.
        # - The attention weights go through self.attn_drop, and the heads, side by
        #   side again, through self.proj.
        ##############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return output
