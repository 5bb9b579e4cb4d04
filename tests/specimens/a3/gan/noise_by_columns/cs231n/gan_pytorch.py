def sample_noise(batch_size, dim, seed=None):
    return (2 * torch.rand(1, dim) - 1).repeat(batch_size, 1)
