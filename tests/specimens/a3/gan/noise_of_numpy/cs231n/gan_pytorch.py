def sample_noise(batch_size, dim, seed=None):
    return np.random.uniform(-1, 1, (batch_size, dim))
