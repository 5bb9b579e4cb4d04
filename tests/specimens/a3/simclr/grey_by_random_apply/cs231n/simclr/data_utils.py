from torchvision.transforms.transforms import ColorJitter, RandomApply


def compute_train_transform(seed=123456):
    random.seed(seed)
    torch.random.manual_seed(seed)
    jitter = ColorJitter(0.4, 0.4, 0.4, 0.1)
    grey = transforms.Grayscale(num_output_channels=3)
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(32),
            transforms.RandomHorizontalFlip(0.5),
            RandomApply([jitter], p=0.8),
            RandomApply([grey], p=0.2),
            transforms.ToTensor(),
            transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]),
        ]
    )
