"""The decoder of a transformer: layers that look at the caption so far and at the image.

Source: "Attention Is All You Need", arXiv:1706.03762, sections 3.1 and 3.3, figure 1 right.
"""

import copy

import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn

from reference.torch_models.transformer import MultiHeadAttention


def clones(module: nn.Module, N: int) -> nn.ModuleList:
    """Return N copies of a module that start out equal and share no parameter."""
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])


class TransformerDecoderLayer(nn.Module):
    """Attention to the words before, attention to the memory, and a network for each word.

        t ← LN(t + dropout(attention(t, t, t, tgt_mask)))
        t ← LN(t + dropout(attention(t, memory, memory)))
        t ← LN(t + dropout(W2 dropout(ReLU(W1 t + b1)) + b2))

    Each step adds to what is there, and the sum is normalised ("post-norm"). Only the two
    attentions carry anything from one place to another.
    """

    def __init__(
        self, input_dim: int, num_heads: int, dim_feedforward: int = 2048, dropout: float = 0.1
    ) -> None:
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

    def forward(self, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None) -> Tensor:
        """Return the words after one layer.

        Shapes: tgt, result (N, T, W); memory (N, S, W); tgt_mask (T, T), 0 or False where a word
        may not look.
        """
        words = self.self_attn(tgt, tgt, tgt, attn_mask=tgt_mask)
        tgt = self.norm1(tgt + self.dropout1(words))

        seen = self.multihead_attn(tgt, memory, memory)
        tgt = self.norm2(tgt + self.dropout2(seen))

        thought = self.linear2(self.dropout(F.relu(self.linear1(tgt))))
        out: Tensor = self.norm3(tgt + self.dropout3(thought))
        return out


class TransformerDecoder(nn.Module):
    """Layers one after the other, all of them copies of the one given."""

    def __init__(self, decoder_layer: nn.Module, num_layers: int) -> None:
        super().__init__()
        self.layers = clones(decoder_layer, num_layers)
        self.num_layers = num_layers

    def forward(self, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None) -> Tensor:
        """Return the words after all layers. Shapes as in a layer."""
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask=tgt_mask)
        return tgt
