"""a2 · FullyConnectedNets.ipynb: the network itself; layers and update rules have their own files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from grader.assignments.a2 import adam_rule, carried_layers, overfitting, trainings, update_rules
from grader.assignments.a2.network_runs import (
    ANSWERS_LOSS,
    FROM_ZERO,
    NET_MODULE,
    Loss,
    Scores,
    loss_of,
    penalised,
    rewired,
    scores_of,
    weights,
)
from grader.assignments.earlier_parts import PLAIN, given
from grader.assignments.initial_weights import are_normal, are_zero, have_their_scale
from grader.cases.dense import Array
from grader.cases.networks import InitCase, NetCase
from grader.checks.law import Claim
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import FullyConnectedNet

suite = Suite(
    "a2",
    "FullyConnectedNets",
    question="Q1",
    reading="CS231n notes, “Neural Networks Part 1” and “Part 2”",
    items=[*carried_layers.suite.items],
)


@dataclass(frozen=True)
class Parameters:
    """What a new network starts from."""

    EXACT_KEYS: ClassVar = ("params",)

    params: Mapping[str, Array] | None


# --- initialisation ---------------------------------------------------------------------------------

init = suite.item("fc.init", points=2, answers=f"{NET_MODULE}:FullyConnectedNet.__init__")
NETWORK = "FullyConnectedNet(hidden_dims, input_dim, num_classes"
built = Script(
    NET_MODULE,
    InitCase,
    Parameters,
    f"""
    net = {NETWORK}, weight_scale=weight_scale, dtype="float64")
    params = net.params
    """,
)
built_normalised = Script(
    NET_MODULE,
    InitCase,
    Parameters,
    f"""
    net = {NETWORK}, normalization=normalization, weight_scale=weight_scale, dtype="float64")
    params = net.params
    """,
)


def _new(c: InitCase, normalization: str | None) -> dict[str, Array]:
    net = FullyConnectedNet(
        c.hidden_dims,
        c.input_dim,
        c.num_classes,
        normalization=normalization,
        weight_scale=c.weight_scale,
        dtype=np.float64,
    )
    return net.params


@init.check(
    built,
    core=[InitCase.flat(), InitCase.flat(hidden=(7, 5, 11))],
    contract={"there is one hidden layer": InitCase.flat(hidden=(7,))},
)
def starts_with(c: InitCase) -> Parameters:
    """FullyConnectedNet starts with b = 0; with weight_scale 0 also W = 0"""
    return Parameters(_new(c, None))


@starts_with.mistake(ask="What should a new layer add to its input before it has learnt anything?")
def biases_one(c: InitCase) -> Parameters:
    """the biases start at one"""
    return _filled(c, "b", 1)


@starts_with.mistake(ask="Under which number does the first layer keep its weights?")
def numbered_from_zero(c: InitCase) -> Parameters:
    """the layers are numbered from 0"""
    return Parameters({f"{name[:-1]}{int(name[-1]) - 1}": p for name, p in _new(c, None).items()})


@starts_with.mistake(ask="What are gamma and beta for when normalization is None?")
def scales_always(c: InitCase) -> Parameters:
    """gamma and beta exist without any normalisation"""
    return Parameters(_new(c, "batchnorm"))


@init.check(
    built_normalised,
    core=[],
    contract={
        "normalization is batchnorm": InitCase.flat(normalization="batchnorm"),
        "normalization is layernorm": InitCase.flat(normalization="layernorm"),
    },
)
def starts_normalised_with(c: InitCase) -> Parameters:
    """FullyConnectedNet with a normalisation starts with gamma = 1 and beta = 0"""
    return Parameters(_new(c, c.normalization))


@starts_normalised_with.mistake(ask="What does a layer give out whose gamma is zero?")
def gammas_zero(c: InitCase) -> Parameters:
    """the gammas start at zero"""
    return _filled(c, "gamma", 0)


@starts_normalised_with.mistake(ask="Which values may normalization have?")
def layernorm_left_out(c: InitCase) -> Parameters:
    """gamma and beta exist for batchnorm and not for layernorm"""
    return Parameters(_new(c, "batchnorm" if c.normalization == "batchnorm" else None))


@starts_normalised_with.mistake(ask="Is the output of the last layer normalised?")
def last_layer_scaled(c: InitCase) -> Parameters:
    """the last layer has a gamma and a beta too"""
    scales = {
        f"gamma{len(c.hidden_dims) + 1}": np.ones(3),
        f"beta{len(c.hidden_dims) + 1}": np.zeros(3),
    }
    return Parameters({**_new(c, c.normalization), **scales})


def _filled(c: InitCase, prefix: str, value: float) -> Parameters:
    params = _new(c, c.normalization)
    filled = {n: np.full_like(p, value) for n, p in params.items() if n.startswith(prefix)}
    return Parameters({**params, **filled})


WEIGHTS, BIASES = ("W1", "W2", "W3"), ("b1", "b2", "b3")


@init.law(
    built,
    cases=[InitCase.random()],
    ask="Which of the parameters does the docstring want to be drawn, and which not?",
)
def biases_start_at_zero(c: InitCase, run: Callable[[InitCase], Parameters]) -> Iterator[Claim]:
    """The biases are zero whatever weight_scale is"""
    yield from are_zero(run(c).params, BIASES)


@init.law(
    built,
    cases=[InitCase.random()],
    ask="What are the mean and the deviation of the numbers that your generator returns?",
)
def weights_have_their_scale(c: InitCase, run: Callable[[InitCase], Parameters]) -> Iterator[Claim]:
    """The weights have mean 0 and standard deviation weight_scale"""
    yield from have_their_scale(run(c).params, WEIGHTS, c.weight_scale)


@init.law(
    built,
    cases=[InitCase.random()],
    contract="the weights are looked at one by one",
    ask="Which distribution do the docstring and your generator name?",
)
def weights_are_normal(c: InitCase, run: Callable[[InitCase], Parameters]) -> Iterator[Claim]:
    """The weights are drawn one by one from a normal distribution"""
    yield from are_normal(run(c).params, WEIGHTS, c.weight_scale)


# --- forward ----------------------------------------------------------------------------------------

forward = suite.item(
    "fc.forward", points=3, answers=ANSWERS_LOSS, given=given(PLAIN), dialects=(FROM_ZERO,)
)


@forward.check(
    Script(
        NET_MODULE,
        NetCase,
        Scores,
        """
        net = FullyConnectedNet(hidden_dims, input_dim, num_classes, dtype="float64")
        net.params.update(params)
        scores = net.loss(X)
        """,
    ),
    core=[NetCase.of(), NetCase.of(hidden=(7, 5, 11)), NetCase.of(shape=(3, 2, 5))],
    contract={"there is one hidden layer": NetCase.of(hidden=(7,))},
)
def scores(c: NetCase) -> Scores:
    """FullyConnectedNet.loss without labels returns the scores"""
    return scores_of(c)


@scores.mistake(ask="May a score be negative?")
def relu_on_the_scores(c: NetCase) -> Scores:
    """the last layer has a ReLU too"""
    return Scores(rewired(c, output=("affine", "relu"))[0])


@scores.mistake(ask="What stands between two affine layers?")
def no_relu(c: NetCase) -> Scores:
    """the affine layers follow each other without a ReLU"""
    return Scores(rewired(c, block=("affine",))[0])


@scores.mistake(ask="Are scores and probabilities the same thing?")
def probabilities(c: NetCase) -> Scores:
    """the softmax of the scores is returned instead of the scores"""
    exponentials = np.exp(rewired(c)[0])
    return Scores(exponentials / exponentials.sum(axis=1, keepdims=True))


# --- backward ---------------------------------------------------------------------------------------

backward = suite.item(
    "fc.backward", points=3, answers=ANSWERS_LOSS, given=given(PLAIN), dialects=(FROM_ZERO,)
)


@backward.check(
    Script(
        NET_MODULE,
        NetCase,
        Loss,
        """
        net = FullyConnectedNet(hidden_dims, input_dim, num_classes, reg=reg, dtype="float64")
        net.params.update(params)
        loss, grads = net.loss(X, y)
        """,
    ),
    core=[
        NetCase.of(),
        NetCase.of(penalised=True),
        NetCase.of(hidden=(7, 5, 11), shape=(3, 2, 5), penalised=True),
    ],
    contract={"there is one hidden layer": NetCase.of(hidden=(7,), penalised=True)},
)
def loss_and_gradients(c: NetCase) -> Loss:
    """FullyConnectedNet.loss with labels returns the loss and a gradient for each parameter"""
    return loss_of(c)


@loss_and_gradients.sums("the data part", rest="the penalty")
def without_penalty(c: NetCase) -> Loss:
    """the loss and the gradients of the data alone"""
    return loss_of(replace(c, reg=0.0))


@loss_and_gradients.mistake(ask="Which term of the gradient comes from 0.5 * reg * sum(W * W)?")
def no_pull_from_reg(c: NetCase) -> Loss:
    """the loss is penalised and the gradients of the weights are not"""
    return penalised(c, weights(c, 0.5), {})


@loss_and_gradients.mistake(ask="Which number should grow when reg does?")
def penalty_not_in_loss(c: NetCase) -> Loss:
    """the gradients of the weights are penalised and the loss is not"""
    return penalised(c, {}, weights(c, 1))


@loss_and_gradients.mistake(ask="What does reg change in your loss and your gradients?")
def no_penalty(c: NetCase) -> Loss:
    """there is no penalty at all"""
    return loss_of(replace(c, reg=0.0))


@loss_and_gradients.mistake(ask="Which factor makes the gradient of the penalty reg * W?")
def half_missing(c: NetCase) -> Loss:
    """the loss has reg * sum(W * W), without the 0.5, and the gradients reg * W"""
    return penalised(c, weights(c, 1), weights(c, 1))


@loss_and_gradients.mistake(ask="Which factor stands before reg in the docstring of this class?")
def penalty_doubled(c: NetCase) -> Loss:
    """the penalty is reg * sum(W * W), without the 0.5, in the loss and in the gradients"""
    return penalised(c, weights(c, 1), weights(c, 2))


@loss_and_gradients.mistake(ask="Loss and gradient: is one of the two the derivative of the other?")
def gradient_doubled(c: NetCase) -> Loss:
    """the loss has 0.5 * reg * sum(W * W) and the gradients 2 * reg * W"""
    return penalised(c, weights(c, 0.5), weights(c, 2))


@loss_and_gradients.mistake(ask="How many weight matrices are there, and how many are penalised?")
def last_weights_unpenalised(c: NetCase) -> Loss:
    """the weights of the last layer are not penalised"""
    hidden = [f"W{layer}" for layer in range(1, len(c.hidden_dims) + 1)]
    return penalised(c, dict.fromkeys(hidden, 0.5), dict.fromkeys(hidden, 1.0))


@loss_and_gradients.mistake(ask="Which gradients get reg * W added: those of every layer?")
def last_gradient_unpenalised(c: NetCase) -> Loss:
    """the loss penalises all weights, and the gradient of the last ones has no penalty in it"""
    hidden = [f"W{layer}" for layer in range(1, len(c.hidden_dims) + 1)]
    return penalised(c, weights(c, 0.5), dict.fromkeys(hidden, 1.0))


@loss_and_gradients.mistake(ask="To which layer does the loop variable of your penalty point?")
def only_last_weights_penalised(c: NetCase) -> Loss:
    """of all weights only those of the last layer are penalised"""
    last = f"W{len(c.hidden_dims) + 1}"
    return penalised(c, {last: 0.5}, {last: 1.0})


@loss_and_gradients.mistake(ask="Which parameters does the docstring penalise?")
def biases_penalised(c: NetCase) -> Loss:
    """the biases are penalised like the weights"""
    return penalised(c, dict.fromkeys(c.params, 0.5), dict.fromkeys(c.params, 1.0))


@loss_and_gradients.mistake(ask="What did the ReLU do to the numbers on their way forward?")
def relu_without_a_way_back(c: NetCase) -> Loss:
    """the gradient passes the ReLUs as if they were not there"""
    return rewired(c, no_way_back={"relu"})[1]


@loss_and_gradients.mistake(ask="May a score be negative?")
def loss_of_rectified_scores(c: NetCase) -> Loss:
    """the last layer has a ReLU too"""
    return rewired(c, output=("affine", "relu"))[1]


# --- fifty images by heart --------------------------------------------------------------------------

overfit3 = overfitting.add(suite, "fc.overfit3", 3, blank=(1e-2, 1e-4), after=backward)
overfit5 = overfitting.add(suite, "fc.overfit5", 5, blank=(1e-5, 2e-3), after=backward)

suite.items += [*update_rules.suite.items, *adam_rule.suite.items]

best_model = trainings.add_best_model(suite, after=(init, forward, backward))
