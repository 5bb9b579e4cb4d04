class ThreeLayerConvNet(nn.Module):
    """conv 5x5 (pad 2) - ReLU - conv 3x3 (pad 1) - ReLU - affine, for 32 x 32 pixels."""

    def __init__(self, in_channel, channel_1, channel_2, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channel, channel_1, 5, padding=2)
        self.conv2 = nn.Conv2d(channel_1, channel_2, 3, padding=1)
        self.fc = nn.Linear(channel_2 * 32 * 32, num_classes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        first = F.relu(self.conv1(x))
        second = F.relu(self.conv2(first))
        return self.fc(flatten(second))
