"""What lets a network read a sequence at once: attention, and where each token stands.

Source: "Attention Is All You Need", arXiv:1706.03762, sections 3.2 and 3.5.
"""

import math

import torch
from torch import Tensor, nn


class PositionalEncoding(nn.Module):
    """Adds to every token a vector that says where it stands.

        pe[i, j] = sin(i · 10000^(-j/D))            j even
        pe[i, j] = cos(i · 10000^(-(j-1)/D))        j odd

    Each pair of columns is the hand of a clock, the first turning once in 2π tokens, the last in
    nearly 20000π: moving by k tokens is the same rotation everywhere. Attention itself would not
    notice if two words changed places.

    The table pe (1, max_len, embed_dim) is a buffer: it is saved and moved with the model, and not
    learned. Raises ValueError for an odd embed_dim.
    """

    pe: Tensor

    def __init__(self, embed_dim: int, dropout: float = 0.1, max_len: int = 5000) -> None:
        super().__init__()
        if embed_dim % 2:
            raise ValueError(f"embed_dim must be even, to hold sines and cosines, not {embed_dim}")
        self.dropout = nn.Dropout(p=dropout)

        position = torch.arange(max_len, dtype=torch.float64)[:, None]
        exponent = torch.arange(0, embed_dim, 2, dtype=torch.float64) / embed_dim
        angle = position * 10000.0**-exponent
        pairs = torch.stack((angle.sin(), angle.cos()), dim=2)
        self.register_buffer("pe", pairs.reshape(1, max_len, embed_dim).float())

    def forward(self, x: Tensor) -> Tensor:
        """Return dropout(x + pe[:S]). Shapes: x, result (N, S, D), S at most max_len."""
        out: Tensor = self.dropout(x + self.pe[:, : x.shape[1]])
        return out


class MultiHeadAttention(nn.Module):
    """Every query looks at all keys and takes the mean of their values, weighted by likeness.

        Q, K, V = query Wq + bq, key Wk + bk, value Wv + bv       each cut into H heads of E/H
        Y_h     = dropout(softmax(Q_h K_hᵀ / √(E/H))) V_h         the softmax over the keys
        out     = [Y_1 ... Y_H] Wp + bp

    Each head can look for something else; Wp mixes what they found. The dot product of E/H
    independent terms has the deviation √(E/H): divided by it, the softmax is neither flat nor
    saturated, whatever the width.

    Raises ValueError if the heads do not share embed_dim evenly.
    """

    def __init__(self, embed_dim: int, num_heads: int, dropout: float = 0.1) -> None:
        super().__init__()
        if embed_dim % num_heads:
            raise ValueError(
                f"embed_dim must be a multiple of num_heads, not {embed_dim} for {num_heads} heads"
            )
        # The order in which the layers are made decides which random weights each of them gets.
        self.key = nn.Linear(embed_dim, embed_dim)
        self.query = nn.Linear(embed_dim, embed_dim)
        self.value = nn.Linear(embed_dim, embed_dim)
        self.proj = nn.Linear(embed_dim, embed_dim)
        self.attn_drop = nn.Dropout(dropout)

        self.n_head = num_heads
        self.emd_dim = embed_dim  # the course's spelling
        self.head_dim = embed_dim // num_heads

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None
    ) -> Tensor:
        """Return the attended values.

        Shapes: query, result (N, S, E); key, value (N, T, E); attn_mask (S, T), where 0 or False
        keeps query s from looking at key t. Every query must be left at least one key.
        """
        Q = self._heads(self.query(query))  # (N, H, S, E/H)
        K = self._heads(self.key(key))  # (N, H, T, E/H)
        V = self._heads(self.value(value))  # (N, H, T, E/H)

        scores = Q @ K.transpose(2, 3) / math.sqrt(self.head_dim)  # (N, H, S, T)
        if attn_mask is not None:
            scores = scores.masked_fill(attn_mask == 0, float("-inf"))
        weights = self.attn_drop(scores.softmax(dim=3))

        Y = (weights @ V).transpose(1, 2).flatten(2)  # (N, S, E), the heads side by side
        out: Tensor = self.proj(Y)
        return out

    def _heads(self, x: Tensor) -> Tensor:
        """Cut the last axis into heads: (N, S, E) becomes (N, H, S, E/H)."""
        N, S, _ = x.shape
        return x.reshape(N, S, self.n_head, self.head_dim).transpose(1, 2)
