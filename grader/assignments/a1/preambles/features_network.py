from cs231n.classifiers.fc_net import TwoLayerNet
from cs231n.solver import Solver


def grader_scores(model, features):
    return np.asarray(model.loss(features))
