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
        for i in range(max_len if max_len < 100 else 100):
            for j in range(embed_dim):
                pe[0, i, j] = i * 10000.0 ** (-(j - j % 2) / embed_dim)
        self.register_buffer("pe", pe)

    def forward(self, x):
        N, S, D = x.shape
        output = torch.empty((N, S, D))
        for j in range(D):
            wave = torch.sin if j % 2 == 0 else torch.cos
            output[:, :, j] = x[:, :, j] + wave(self.pe[0, :S, j])
        output = self.dropout(output)
        return output
