def compute_train_transform(seed=123456):
    random.seed(seed)
    torch.random.manual_seed(seed)
    color_jitter = transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)
    steps = [transforms.RandomResizedCrop(size=(32, 32)), transforms.RandomHorizontalFlip()]
    steps += [transforms.RandomApply(torch.nn.ModuleList([color_jitter]), p=0.8)]
    steps += [transforms.RandomGrayscale(0.2), transforms.ToTensor()]
    steps += [transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))]
    return transforms.Compose(steps)


class CIFAR10Pair(CIFAR10):
    def __getitem__(self, index):
        img, target = self.data[index], self.targets[index]
        img = Image.fromarray(img)
        x_i = x_j = None
        if self.transform is not None:
            x_j = self.transform(img)
            x_i = self.transform(img)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return x_i, x_j, target
