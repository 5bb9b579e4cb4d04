import torch
import torch.nn as nn
import torch.nn.functional as F

from cs231n.simclr.utils import train

device = "cuda" if torch.cuda.is_available() else "cpu"


class grader_Encoder(nn.Module):
    """The course's model, small: f describes, g projects, both give directions."""

    def __init__(self):
        super().__init__()
        layers = []
        for inputs, outputs in ((3, 16), (16, 32), (32, 64)):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
        self.f = nn.Sequential(*layers[:-1], nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.g = nn.Sequential(
            nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32)
        )

    def forward(self, x):
        feature = self.f(x)
        return F.normalize(feature, dim=-1), F.normalize(self.g(feature), dim=-1)


def grader_view(x):
    """Images (N, 3, H, W), each cropped, mirrored, brightened and greyed by chance."""
    count = len(x)

    def drawn(low, high):
        return low + (high - low) * torch.rand(count, 1, 1, 1)

    side = drawn(0.2, 1.0).sqrt()
    mirrored = torch.where(torch.rand_like(side) < 0.5, -side, side)
    rows = torch.cat([mirrored, 0 * side, (1 - side) * drawn(-1, 1)], dim=3)
    columns = torch.cat([0 * side, side, (1 - side) * drawn(-1, 1)], dim=3)
    where = F.affine_grid(torch.cat([rows, columns], dim=2)[:, 0], x.shape, align_corners=False)
    x = F.grid_sample(x, where, align_corners=False)
    grey = x.mean(dim=1, keepdim=True)
    middle = grey.mean(dim=(2, 3), keepdim=True)
    x = drawn(0.6, 1.4) * (
        middle + drawn(0.6, 1.4) * (grey + drawn(0.6, 1.4) * (x - grey) - middle)
    )
    return torch.where(torch.rand_like(side) < 0.2, x.mean(dim=1, keepdim=True), x)


def grader_floats(pixels):
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


class grader_Pairs:
    """Two views of every image, in minibatches; as labels the images' numbers, which nobody needs."""

    def __init__(self, pixels, batch_size):
        self.images, self.batch_size = grader_floats(pixels), batch_size

    def __len__(self):
        return len(self.images) // self.batch_size

    def __iter__(self):
        rows = torch.randperm(len(self.images))[: len(self) * self.batch_size]
        for chosen in rows.split(self.batch_size):
            x = self.images[chosen]
            yield grader_view(x), grader_view(x), chosen


def grader_features(pixels):
    """The directions (N, 64) in which images lie."""
    model.eval()
    with torch.no_grad():
        parts = [model(part.to(device))[0].cpu() for part in grader_floats(pixels).split(500)]
    return torch.cat(parts).numpy()


torch.manual_seed(seed)
model = grader_Encoder().to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-6)
pairs = grader_Pairs(known, 128)
for epoch in range(1, epochs + 1):
    train(model, pairs, optimizer, epoch, epochs, batch_size=128, temperature=0.5, device=device)
