import cs231n.data_utils


def grader_images_again(root=None):
    """What load_CIFAR10 gives: training images, those for validation after them, and test images."""
    return (
        np.concatenate([train_images, val_images]).astype(np.float64),
        np.concatenate([train_labels, val_labels]),
        test_images.astype(np.float64),
        test_labels,
    )


cs231n.data_utils.load_CIFAR10 = load_CIFAR10 = grader_images_again
