class CIFAR10Pair(CIFAR10):
    def __getitem__(self, index):
        img, target = Image.fromarray(self.data[index]), self.targets[index]
        transform = compute_train_transform()
        return transform(img), transform(img), target
