"""Normalised networks: no eps shows, and a wrong penalty is not their mistake but one on gamma is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.assignments.a2.network_runs import Loss, loss_of, network, penalised, weights
from grader.assignments.a2.normalised_nets import batchnorm, layernorm
from grader.cases.networks import NetCase
from grader.checks.check import Check
from grader.checks.compare import rel_error
from grader.checks.law import Law
from grader.checks.outcome import Ran
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item

Network = Callable[[NetCase], Loss]

either = pytest.mark.parametrize("normalization", ["batchnorm", "layernorm"])
each_item = pytest.mark.parametrize("item", [batchnorm, layernorm], ids=lambda item: item.id)


def with_eps(c: NetCase, eps: float) -> dict[str, Any]:
    """Everything that a network says whose layers have this eps, by name."""
    net = network(c)
    for param in net.bn_params:
        param["eps"] = eps
    loss, grads = net.loss(c.X, c.y)
    return {"loss": np.asarray(loss), "scores": net.loss(c.X), **grads}


@pytest.mark.parametrize("eps", [0.0, 1e-9, 1e-8])
@pytest.mark.parametrize("hidden", [(7,), (7, 5), (7, 5, 11)])
@either
def test_no_eps_shows(normalization: str, hidden: tuple[int, ...], eps: float) -> None:
    for seed in range(20):
        c = NetCase.of(normalization=normalization, hidden=hidden)(np.random.default_rng(seed))
        usual, other = with_eps(c, 1e-5), with_eps(c, eps)
        for name, want in usual.items():
            scale, off = np.abs(want).max(), np.abs(other[name] - want)
            assert off.max() <= max(1e-8 * scale, 1e-15), (name, seed)
            matters = np.abs(want) > max(1e-2 * scale, 1e-12)
            assert np.all(rel_error(other[name], want)[matters] < 1e-6), (name, seed)


@either
def test_scores_and_gradients_have_a_size_that_matters(normalization: str) -> None:
    for seed in range(20):
        c = NetCase.of(normalization=normalization)(np.random.default_rng(seed))
        said = with_eps(c, 1e-5)
        assert 0.1 < said["loss"] < 10
        without_effect = {"b1", "b2"} if normalization == "batchnorm" else set()
        sizes = {name: np.abs(v).max() for name, v in said.items() if name not in without_effect}
        assert min(sizes.values()) > 1e-6, (sizes, seed)


def failed(item: Item, net: Network) -> tuple[str, ...]:
    """The slips of the item's law about the penalty, with this network in the student's place."""
    (law,) = (probe for probe in item.probes if isinstance(probe, Law))

    def run(script: Script[Any, Any], case: Any) -> Ran[Any]:
        return Ran(net(case))

    return law.examine(run, Paper(1, item.probes)).slips


@each_item
@pytest.mark.parametrize(
    ("in_loss", "in_grads"), [(0.5, 1), (1, 1), (1, 2), (0, 1), (0.5, 0)], ids=str
)
def test_a_wrong_penalty_on_the_weights_is_not_their_mistake(
    item: Item, in_loss: float, in_grads: float
) -> None:
    assert failed(item, lambda c: penalised(c, weights(c, in_loss), weights(c, in_grads))) == ()


@each_item
@pytest.mark.parametrize("scale", ["gamma", "beta"])
@pytest.mark.parametrize(("in_loss", "in_grads"), [(0.5, 1), (0.5, 0), (0, 1)], ids=str)
def test_a_penalty_on_gamma_or_beta_is(
    item: Item, scale: str, in_loss: float, in_grads: float
) -> None:
    def net(c: NetCase) -> Loss:
        scales = [name for name in c.params if name.startswith(scale)]
        extra = (dict.fromkeys(scales, factor) for factor in (in_loss, in_grads))
        return penalised(c, *({**weights(c, 1), **factors} for factors in extra))

    facts = failed(item, net)
    assert any("the penalty when gamma and beta double" in fact for fact in facts) == (in_loss > 0)
    assert any(f"what reg adds to grads['{scale}1']" in fact for fact in facts) == (in_grads > 0)
    assert all(fact.startswith("when reg is not 0: ") for fact in facts)


@each_item
@pytest.mark.parametrize("nothing", [Loss(None, None), Loss("1", {"gamma1": "1"})])  # type: ignore[arg-type, dict-item]
def test_what_is_no_number_breaks_the_law_and_nothing_else(item: Item, nothing: Loss) -> None:
    assert all("not finite" in fact for fact in failed(item, lambda _: nothing))
    assert failed(item, lambda _: nothing)


@each_item
def test_the_core_never_asks_for_a_penalty(item: Item) -> None:
    for probe in item.probes:
        if isinstance(probe, Check):
            for _, blueprint in probe.settings():
                case = blueprint(np.random.default_rng(1))
                assert case.reg == 0
            assert "reg" not in probe.script.inputs


def test_a_penalty_is_really_tried() -> None:
    c = NetCase.of(normalization="batchnorm", penalised=True)(np.random.default_rng(1))
    assert loss_of(c).loss != pytest.approx(loss_of(replace(c, reg=0.0)).loss)
