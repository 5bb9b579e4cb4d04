from cs231n.classifiers.linear_classifier import LinearSVM
from cs231n.classifiers.linear_svm import svm_loss_naive, svm_loss_vectorized
