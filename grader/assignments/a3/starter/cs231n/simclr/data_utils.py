"""Two views of every image of CIFAR-10."""

import random

import torch
from PIL import Image
from torchvision import transforms
from torchvision.datasets import CIFAR10


def compute_train_transform(seed=123456):
    """What makes a view of an image for training. Returns a composition of transforms."""
    random.seed(seed)
    torch.random.manual_seed(seed)

    # Brightness, contrast, saturation and hue.
    color_jitter = transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)

    train_transform = transforms.Compose([
        ##############################################################################
        # TODO: add what is missing after the crop, one transform of
        # torchvision.transforms for each:
        # - mirror the image with probability 0.5,
        # - apply color_jitter with probability 0.8,
        # - take the colour away with probability 0.2.
        ##############################################################################
        transforms.RandomResizedCrop(32),
        ##############################################################################
        #                               END OF YOUR CODE                             #
        ##############################################################################
        transforms.ToTensor(),
        transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])])
    return train_transform


def compute_test_transform():
    """What prepares an image for evaluation. Given."""
    test_transform = transforms.Compose([
        transforms.ToTensor(),
        transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])])
    return test_transform


class CIFAR10Pair(CIFAR10):
    """CIFAR-10, each image as two views."""

    def __getitem__(self, index):
        """Returns x_i and x_j, two views of image number index, and its label."""
        img, target = self.data[index], self.targets[index]
        img = Image.fromarray(img)

        x_i = None
        x_j = None

        if self.transform is not None:
            ##############################################################################
            # TODO: make two views of img with self.transform.
            ##############################################################################
            pass
            ##############################################################################
            #                               END OF YOUR CODE                             #
            ##############################################################################

        if self.target_transform is not None:
            target = self.target_transform(target)

        return x_i, x_j, target
