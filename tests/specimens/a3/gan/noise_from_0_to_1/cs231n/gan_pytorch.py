def sample_noise(batch_size, dim, seed=None):
    return torch.rand(batch_size, dim)
