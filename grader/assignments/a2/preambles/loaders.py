NUM_TRAIN = len(train_labels)


class grader_Images(torch.utils.data.Dataset):
    """A part of CIFAR-10 with the attributes of torchvision's data set; its images are normalised."""

    classes = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
    transform = target_transform = None

    def __init__(self, pixels, labels, train):
        self.data, self.train = pixels, train
        self.labels = torch.from_numpy(labels)

    @property
    def targets(self):
        return self.labels.tolist()

    def __len__(self):
        return len(self.data)

    def __getitem__(self, row):
        return grader_normalised(torch.from_numpy(self.data[row : row + 1]))[0], self.labels[row]


class grader_Loader:
    """Shuffled minibatches of some rows of a data set, as a DataLoader would give them, only faster."""

    def __init__(self, dataset, rows, batch_size=64, shuffle=True):
        self.dataset, self.sampler = dataset, rows
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self):
        return -(-len(self.sampler) // self.batch_size)

    def __iter__(self):
        rows = torch.as_tensor(self.sampler)
        if self.shuffle:
            rows = rows[torch.randperm(len(rows))]
        for chosen in rows.split(self.batch_size):
            pixels = torch.from_numpy(self.dataset.data[chosen.numpy()])
            yield grader_normalised(pixels), self.dataset.labels[chosen]


def grader_normalised(pixels):
    """uint8 (N, 32, 32, 3) to float32 (N, 3, 32, 32) as the notebook normalises it."""
    mean = torch.tensor((0.4914, 0.4822, 0.4465)).view(1, 3, 1, 1)
    std = torch.tensor((0.2023, 0.1994, 0.2010)).view(1, 3, 1, 1)
    # In memory as a DataLoader stacks them: the notebook's flatten is a view.
    planes = pixels.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.contiguous_format)
    return (planes / 255 - mean) / std


def grader_ready(images):
    return grader_normalised(torch.from_numpy(images)).numpy()


cifar10_train = cifar10_val = grader_Images(
    np.concatenate([train_images, val_images]), np.concatenate([train_labels, val_labels]), True
)
cifar10_test = grader_Images(test_images, test_labels, False)
loader_train = grader_Loader(cifar10_train, range(NUM_TRAIN))
loader_val = grader_Loader(cifar10_val, range(NUM_TRAIN, len(cifar10_val)))
loader_test = grader_Loader(cifar10_test, range(len(cifar10_test)), shuffle=False)
