class CIFAR10Pair(CIFAR10):
    def __getitem__(self, index):
        img, target = Image.fromarray(self.data[index]), self.targets[index]
        x_i = self.transform(img)
        return x_i, self.transform(x_i), target
