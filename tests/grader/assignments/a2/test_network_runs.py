"""Rewired networks: wired as they should be, they are the reference; penalties add up as told."""

import numpy as np
import pytest

from grader.assignments.a2.network_runs import (
    Loss,
    loss_of,
    network,
    penalised,
    rewired,
    scores_of,
    weights,
)
from grader.cases.networks import NetCase
from grader.checks.compare import compare


def net(*, normalization: str | None = None, keep: float = 1, seed: int | None = None) -> NetCase:
    blueprint = NetCase.of(
        shape=(3, 5), penalised=True, normalization=normalization, keep=keep, seed=seed
    )
    return blueprint(np.random.default_rng(1))


def agree(got: Loss, want: Loss) -> bool:
    comparison = compare(got, want, {})
    return not comparison.wrong and not comparison.slips


@pytest.mark.parametrize("normalization", [None, "batchnorm", "layernorm"])
@pytest.mark.parametrize(("keep", "seed"), [(1, None), (0.5, 123)])
def test_wired_as_it_should_be_it_is_the_reference(
    normalization: str | None, keep: float, seed: int | None
) -> None:
    c = net(normalization=normalization, keep=keep, seed=seed)
    flattened = NetCase(**{**vars(c), "X": c.X.reshape(len(c.X), -1)})
    for case in (c, flattened):
        assert agree(rewired(case)[1], loss_of(case))


@pytest.mark.parametrize("normalization", ["batchnorm", "layernorm"])
def test_left_out_a_normalisation_leaves_the_plain_network(normalization: str) -> None:
    c = net(normalization=normalization)
    bare = {name: p for name, p in c.params.items() if name[0] in "Wb" and "beta" not in name}
    plain = NetCase(**{**vars(c), "params": bare, "normalization": None})
    scores, loss = rewired(c, block=("affine", "relu"))
    assert agree(loss, loss_of(plain))
    assert scores == pytest.approx(scores_of(plain).scores, rel=1e-12)


def test_an_output_of_its_own_changes_the_scores() -> None:
    c = net()
    rectified, _ = rewired(c, output=("affine", "relu"))
    assert rectified == pytest.approx(np.maximum(network(c).loss(c.X), 0), rel=1e-12)


def test_a_layer_without_a_way_back_keeps_the_loss() -> None:
    c = net(normalization="batchnorm")
    loss = rewired(c, no_way_back={"norm"})[1]
    assert loss.loss == pytest.approx(loss_of(c).loss, rel=1e-12)
    assert loss.grads is not None
    assert not {"gamma1", "beta1"} & set(loss.grads)


def test_the_course_penalises_half_the_squares_of_the_weights() -> None:
    c = net()
    assert agree(penalised(c, weights(c, 0.5), weights(c, 1)), loss_of(c))
    assert not agree(penalised(c, weights(c, 1), weights(c, 1)), loss_of(c))
