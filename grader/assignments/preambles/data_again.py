import cs231n.data_utils


def grader_data_again(num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True):
    """What get_CIFAR10_data gives: the same sets, as much of them as is asked for."""
    sizes = {"train": num_training, "val": num_validation, "test": num_test}
    again = {name: part[: sizes[name[2:]]] for name, part in data.items()}
    if not subtract_mean:
        again |= {name: part + grader_mean for name, part in again.items() if name[0] == "X"}
    return again


cs231n.data_utils.get_CIFAR10_data = get_CIFAR10_data = grader_data_again
