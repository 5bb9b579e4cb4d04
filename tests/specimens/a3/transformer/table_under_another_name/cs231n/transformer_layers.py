import math
import torch
import torch.nn as nn
from torch.nn import functional as F


class PositionalEncoding(nn.Module):
    def __init__(self, embed_dim, dropout=0.1, max_len=5000):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        assert embed_dim % 2 == 0
        pe = torch.zeros(1, max_len, embed_dim)
        place, column = torch.arange(max_len).float().view(-1, 1), torch.arange(embed_dim)
        angle = place * 10000 ** (-(column - column % 2) / embed_dim)
        self.table = torch.where(column % 2 == 0, torch.sin(angle), torch.cos(angle))
        self.register_buffer("pe", pe)

    def forward(self, x):
        N, S, D = x.shape
        output = torch.empty((N, S, D))
        output = self.dropout(x + self.table[:S, :])
        return output
