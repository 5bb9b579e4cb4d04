"""a2 · Dropout.ipynb: dropout inside FullyConnectedNet."""

from grader.assignments.a2.network_runs import (
    ANSWERS_LOSS,
    FROM_ZERO,
    NET_MODULE,
    Loss,
    Scores,
    loss_of,
    rewired,
    scores_of,
)
from grader.assignments.earlier_parts import BATCHNORM, DROPOUT, LAYERNORM, PLAIN, given
from grader.cases.networks import NetCase
from grader.checks.script import Script
from grader.checks.suite import Suite

suite = Suite(
    "a2",
    "Dropout",
    question="Q3",
    reading="CS231n notes, “Neural Networks Part 2”, regularization: dropout",
)

wiring = suite.item(
    "dropout.fc_wiring",
    points=3,
    answers=ANSWERS_LOSS,
    given=given(PLAIN, DROPOUT, BATCHNORM, LAYERNORM),
    dialects=(FROM_ZERO,),
)
# The keep ratio goes by position: earlier editions call it dropout.
NET = """
net = FullyConnectedNet(hidden_dims, input_dim, num_classes, dropout_keep_ratio, \
dtype="float64", seed=seed)
net.params.update(params)
"""
NORMALISED_NET = """
net = FullyConnectedNet(hidden_dims, input_dim, num_classes, dropout_keep_ratio, \
normalization=normalization, dtype="float64", seed=seed)
net.params.update(params)
"""
LEARN = "loss, grads = net.loss(X, y)"


@wiring.check(
    Script(NET_MODULE, NetCase, Loss, f"{NET}{LEARN}"),
    core=[NetCase.of(keep=0.5, seed=123), NetCase.of(keep=0.75, seed=123, hidden=(7, 5, 11))],
    contract={"there is one hidden layer": NetCase.of(keep=0.5, seed=123, hidden=(7,))},
)
def trains_with_dropout(c: NetCase) -> Loss:
    """FullyConnectedNet with dropout: the loss and a gradient for each parameter"""
    return loss_of(c)


@trains_with_dropout.mistake(ask="Which lines of loss run only when dropout is on?")
def not_wired(c: NetCase) -> Loss:
    """the network is built with dropout and never drops a unit"""
    return rewired(c, block=("affine", "norm", "relu"))[1]


@trains_with_dropout.mistake(
    ask="Which layers of the forward pass have no counterpart on the way back?"
)
def dropout_without_a_way_back(c: NetCase) -> Loss:
    """dropout is left out of the backward pass"""
    return rewired(c, no_way_back={"dropout"})[1]


@trains_with_dropout.mistake(
    ask="Which layer of the network has nothing after it that could be spared?"
)
def dropout_on_the_scores(c: NetCase) -> Loss:
    """the scores are dropped too"""
    return rewired(c, output=("affine", "dropout"))[1]


@trains_with_dropout.mistake(
    ask="Where does dropout stand in the docstring: at which end of a block?"
)
def dropout_on_the_input(c: NetCase) -> Loss:
    """dropout comes before the affine layer of each hidden block"""
    return rewired(c, block=("dropout", "affine", "norm", "relu"))[1]


@wiring.check(
    Script(NET_MODULE, NetCase, Scores, f"{NET}scores = net.loss(X)"),
    core=[NetCase.of(keep=0.5, seed=123)],
)
def tests_without_dropout(c: NetCase) -> Scores:
    """FullyConnectedNet with dropout drops nothing in test mode"""
    return scores_of(c)


@tests_without_dropout.mistake(ask="Which mode does your dropout layer see when y is None?")
def drops_in_test_mode(c: NetCase) -> Scores:
    """units are dropped in test mode too"""
    return Scores(rewired(c)[0])


@wiring.check(
    Script(NET_MODULE, NetCase, Loss, f"{NORMALISED_NET}{LEARN}"),
    core=[],
    contract={
        "batch normalisation is on too": NetCase.of(keep=0.75, seed=123, normalization="batchnorm")
    },
)
def trains_with_both(c: NetCase) -> Loss:
    """FullyConnectedNet with dropout and a normalisation: the loss and the gradients"""
    return loss_of(c)


@trains_with_both.mistake(ask="Which branch of your code runs when there is a normalisation?")
def dropout_gives_way(c: NetCase) -> Loss:
    """no unit is dropped when there is a normalisation too"""
    return rewired(c, block=("affine", "norm", "relu"))[1]


@trains_with_both.mistake(ask="Which comes first in the docstring: the normalisation or dropout?")
def dropout_before_norm(c: NetCase) -> Loss:
    """dropout comes before the normalisation"""
    return rewired(c, block=("affine", "dropout", "norm", "relu"))[1]
