class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, 1)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.fc1(x.view(x.shape[0], -1)), 0.01)
        return self.fc3(nn.functional.leaky_relu(self.fc2(x)))


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.empty(batch_size, dim).uniform_(-1, 1)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Scorer()


def bce_loss(input, target):
    bce = nn.BCEWithLogitsLoss()
    return bce(input.squeeze(), target)


def discriminator_loss(logits_real, logits_fake):
    N = logits_real.size()[0]
    true_labels = torch.ones(N).type(dtype)
    return bce_loss(logits_real, true_labels) + bce_loss(logits_fake, 1 - true_labels)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.size()[0]).type(dtype))


def get_optimizer(model):
    return optim.Adam(model.parameters(), 0.001, (0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    return (torch.mean((scores_real - 1) ** 2) + torch.mean(scores_fake ** 2)) / 2


def ls_generator_loss(scores_fake):
    return 0.5 * nn.functional.mse_loss(scores_fake, torch.ones_like(scores_fake))


def build_dc_classifier(batch_size):
    return nn.Sequential(
        Unflatten(batch_size, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1),
    )
