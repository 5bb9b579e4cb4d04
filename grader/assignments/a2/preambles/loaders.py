NUM_TRAIN = len(train_labels)


class grader_Loader:
    """Shuffled minibatches of normalised images, as torchvision and a DataLoader would give them."""

    def __init__(self, pixels, labels, batch_size=64, shuffle=True):
        self.pixels, self.labels = torch.from_numpy(pixels), torch.from_numpy(labels)
        self.batch_size, self.shuffle = batch_size, shuffle
        self.dataset = self
        self.sampler = range(len(labels))

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self):
        count = len(self.labels)
        order = torch.randperm(count) if self.shuffle else torch.arange(count)
        for at in range(0, count, self.batch_size):
            rows = order[at : at + self.batch_size]
            yield grader_normalised(self.pixels[rows]), self.labels[rows]


class grader_Sized:
    """Stands for a data set whose length is asked."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count


def grader_normalised(pixels):
    """uint8 (N, 32, 32, 3) to float32 (N, 3, 32, 32) as the notebook normalises it."""
    mean = torch.tensor((0.4914, 0.4822, 0.4465)).view(1, 3, 1, 1)
    std = torch.tensor((0.2023, 0.1994, 0.2010)).view(1, 3, 1, 1)
    # In memory as a DataLoader stacks them: the notebook's flatten is a view.
    planes = pixels.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.contiguous_format)
    return (planes / 255 - mean) / std


def grader_ready(images):
    return grader_normalised(torch.from_numpy(images)).numpy()


loader_train = grader_Loader(train_images, train_labels)
loader_val = grader_Loader(val_images, val_labels)
loader_test = grader_Loader(test_images, test_labels, shuffle=False)
cifar10_train, cifar10_val, cifar10_test = map(
    grader_Sized, (NUM_TRAIN + len(val_labels), NUM_TRAIN + len(val_labels), len(test_labels))
)
