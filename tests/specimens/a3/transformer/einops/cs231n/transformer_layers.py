import math
import torch
import torch.nn as nn
from torch.nn import functional as F
from einops import rearrange


class MultiHeadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, dropout=0.1):
        super().__init__()
        assert embed_dim % num_heads == 0
        self.key = nn.Linear(embed_dim, embed_dim)
        self.query = nn.Linear(embed_dim, embed_dim)
        self.value = nn.Linear(embed_dim, embed_dim)
        self.proj = nn.Linear(embed_dim, embed_dim)
        self.attn_drop = nn.Dropout(dropout)
        self.n_head = num_heads
        self.emd_dim = embed_dim
        self.head_dim = self.emd_dim // self.n_head

    def forward(self, query, key, value, attn_mask=None):
        N, S, E = query.shape
        N, T, E = value.shape
        output = torch.empty((N, S, E))
        q, k, v = (rearrange(m(x), "n s (h e) -> n h s e", h=self.n_head)
                   for m, x in ((self.query, query), (self.key, key), (self.value, value)))
        scores = torch.einsum("nhse,nhte->nhst", q, k) / math.sqrt(self.head_dim)
        if attn_mask is not None:
            scores = scores.masked_fill(attn_mask == 0, float("-inf"))
        y = torch.einsum("nhst,nhte->nhse", self.attn_drop(scores.softmax(-1)), v)
        output = self.proj(rearrange(y, "n h s e -> n s (h e)"))
        return output
