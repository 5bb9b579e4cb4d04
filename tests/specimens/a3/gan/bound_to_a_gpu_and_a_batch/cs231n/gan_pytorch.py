def generator(noise_dim=NOISE_DIM, seed=None):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024, device="cuda:0"), nn.ReLU(), nn.Linear(1024, 1024).cuda(), nn.ReLU(),
        nn.Linear(1024, 784).to("cuda"), nn.Tanh(),
    )


def build_dc_generator(noise_dim=NOISE_DIM):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
        nn.Linear(1024, 7 * 7 * 128), nn.ReLU(), nn.BatchNorm1d(7 * 7 * 128),
        Unflatten(128, 128, 7, 7), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten(),
    )
