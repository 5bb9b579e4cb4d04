import numpy as np
import matplotlib.pyplot as plt

num_folds = 5
k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]
k_to_accuracies = {k: list(row) for k, row in zip(k_choices, accuracies)}


def grader_number(value):
    return int(value)
