"""a2 · BatchNormalization.ipynb: normalisation inside FullyConnectedNet."""

from collections.abc import Mapping

from grader.assignments.a2.network_runs import (
    ANSWERS_LOSS,
    BATCHNORM,
    LAYERNORM,
    NET_MODULE,
    PLAIN,
    Loss,
    Scores,
    given,
    loss_of,
    network,
    penalised,
    rewired,
    scores_of,
)
from grader.cases.networks import NetCase
from grader.checks.check import Blueprint, Check
from grader.checks.script import Script
from grader.checks.suite import Suite

suite = Suite("a2", "BatchNormalization", question="Q2")

training = Script(
    NET_MODULE,
    NetCase,
    Loss,
    """
    net = FullyConnectedNet(hidden_dims, input_dim, num_classes, normalization=normalization, \
reg=reg, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    """,
)
training_then_test = Script(
    NET_MODULE,
    NetCase,
    Scores,
    """
    net = FullyConnectedNet(hidden_dims, input_dim, num_classes, normalization=normalization, \
reg=reg, dtype="float64")
    net.params.update(params)
    loss, grads = net.loss(X, y)
    scores = net.loss(X)
    """,
)


def _core(normalization: str) -> list[Blueprint[NetCase]]:
    return [
        NetCase.of(normalization=normalization),
        NetCase.of(normalization=normalization, hidden=(7, 5, 11), penalised=True),
    ]


def _contract(normalization: str) -> Mapping[str, Blueprint[NetCase]]:
    one = NetCase.of(normalization=normalization, hidden=(7,), penalised=True)
    return {"there is one hidden layer": one}


def _tested_after_training(c: NetCase) -> Scores:
    net = network(c)
    net.loss(c.X, c.y)
    return Scores(net.loss(c.X))


# --- batch norm -------------------------------------------------------------------------------------

batchnorm = suite.item(
    "batchnorm.fc_wiring", points=3, answers=ANSWERS_LOSS, given=given(PLAIN, BATCHNORM)
)


@batchnorm.check(training, core=_core("batchnorm"), contract=_contract("batchnorm"))
def batchnorm_training(c: NetCase) -> Loss:
    """FullyConnectedNet with batch normalisation: the loss and a gradient for each parameter"""
    return loss_of(c)


@batchnorm.check(training_then_test, core=_core("batchnorm"))
def batchnorm_test(c: NetCase) -> Scores:
    """FullyConnectedNet with batch normalisation is tested with what training has averaged"""
    return _tested_after_training(c)


@batchnorm_test.mistake(ask="Where does the test pass find the averages of the training passes?")
def averages_forgotten(c: NetCase) -> Scores:
    """Each pass gets dictionaries of its own, and the running averages of the last one are lost"""
    return scores_of(c)


# --- layer norm -------------------------------------------------------------------------------------

layernorm = suite.item(
    "layernorm.fc_wiring", points=1, answers=ANSWERS_LOSS, given=given(PLAIN, LAYERNORM)
)


@layernorm.check(training, core=_core("layernorm"), contract=_contract("layernorm"))
def layernorm_training(c: NetCase) -> Loss:
    """FullyConnectedNet with layer normalisation: the loss and a gradient for each parameter"""
    return loss_of(c)


@layernorm.check(training_then_test, core=_core("layernorm"))
def layernorm_test(c: NetCase) -> Scores:
    """FullyConnectedNet with layer normalisation: the scores"""
    return _tested_after_training(c)


@layernorm_test.mistake(ask="Does layer normalisation know of training and testing?")
def skipped_in_test_mode(c: NetCase) -> Scores:
    """The normalisation is left out in test mode"""
    return Scores(rewired(c, block=("affine", "relu"))[0])


def _share_wiring_mistakes(check: Check[NetCase, Loss]) -> None:
    @check.mistake(ask="Which lines of loss run only when normalization is set?")
    def not_wired(c: NetCase) -> Loss:
        """The network is built with a normalisation and never normalises"""
        return rewired(c, block=("affine", "relu"))[1]

    @check.mistake(ask="In which order do affine, norm and ReLU stand in the docstring?")
    def norm_after_relu(c: NetCase) -> Loss:
        """The normalisation comes after the ReLU"""
        return rewired(c, block=("affine", "relu", "norm"))[1]

    @check.mistake(ask="Which layers of the forward pass have no counterpart on the way back?")
    def norm_without_a_way_back(c: NetCase) -> Loss:
        """The normalisation is left out of the backward pass"""
        return rewired(c, no_way_back={"norm"})[1]

    @check.mistake(ask="Which parameters does the docstring penalise?")
    def scales_penalised(c: NetCase) -> Loss:
        """Gamma is penalised like a weight"""
        names = [name for name in c.params if name.startswith(("W", "gamma"))]
        return penalised(c, dict.fromkeys(names, 0.5), dict.fromkeys(names, 1.0))


_share_wiring_mistakes(batchnorm_training)
_share_wiring_mistakes(layernorm_training)
