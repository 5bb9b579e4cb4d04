class CIFAR10Pair(CIFAR10):
    def __getitem__(self, index):
        img, target = Image.fromarray(self.data[index]), self.targets[index]
        view = self.transform(img)
        return view, view, target
