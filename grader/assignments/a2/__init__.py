"""a2: fully connected nets, normalisation, dropout, convolution."""
