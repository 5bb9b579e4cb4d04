"""The cases of images: drawing is deterministic, windows fill the image, pooling has no ties."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from grader.assignments.a2 import (
    convolution,
    group_normalization,
    pooling,
    spatial_normalization,
    three_layer_net,
)
from grader.cases.convolution import (
    ConvCase,
    ConvNetCase,
    PoolCase,
    grouped_images,
    images,
    images_in_test_mode,
    steps,
)
from grader.checks.check import Blueprint, Check

PARTS = (convolution, pooling, three_layer_net, spatial_normalization, group_normalization)
ITEMS = [item for part in PARTS for item in part.suite.items]
CHECKS = [probe for item in ITEMS for probe in item.probes if isinstance(probe, Check)]
BLUEPRINTS = [blueprint for check in CHECKS for _, blueprint in check.settings()]
DRAWN = [blueprint(np.random.default_rng(seed)) for blueprint in BLUEPRINTS for seed in (1, 2)]
CONVOLUTIONS = [case for case in DRAWN if isinstance(case, ConvCase)]
POOLINGS = [case for case in DRAWN if isinstance(case, PoolCase)]
NETWORKS = [case for case in DRAWN if isinstance(case, ConvNetCase)]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))


@pytest.mark.parametrize(
    "blueprint",
    [
        ConvCase.of(),
        PoolCase.of(),
        ConvNetCase.of(),
        images(),
        images_in_test_mode(),
        grouped_images(),
    ],
)
def test_a_seed_draws_one_case_and_another_seed_another(blueprint: Blueprint[Any]) -> None:
    case, again, other = (blueprint(np.random.default_rng(seed)) for seed in (5, 5, 6))
    names = [field.name for field in fields(case)]
    assert all(same(getattr(case, name), getattr(again, name)) for name in names)
    drawn = "X" if isinstance(case, ConvNetCase) else "x"
    assert not same(getattr(case, drawn), getattr(other, drawn))


def test_every_kind_of_case_is_used_by_the_suites() -> None:
    assert CONVOLUTIONS
    assert POOLINGS
    assert NETWORKS


def test_windows_of_every_convolution_end_at_the_border() -> None:
    for case in CONVOLUTIONS:
        stride, pad = case.conv_param["stride"], case.conv_param["pad"]
        for axis in (2, 3):
            reach = (case.dout.shape[axis] - 1) * stride + case.w.shape[axis]
            assert reach == case.x.shape[axis] + 2 * pad
        assert case.dout.shape[:2] == (case.x.shape[0], case.w.shape[0])


def test_windows_of_every_pooling_end_at_the_border() -> None:
    for case in POOLINGS:
        window = (case.pool_param["pool_height"], case.pool_param["pool_width"])
        for axis, size in zip((2, 3), window, strict=True):
            reach = (case.dout.shape[axis] - 1) * case.pool_param["stride"] + size
            assert reach == case.x.shape[axis]


def test_no_two_pixels_of_a_pooling_are_near_each_other() -> None:
    for case in POOLINGS:
        assert np.diff(np.sort(case.x, axis=None)).min() > 1e-3


def test_negative_images_have_no_pixel_above_zero() -> None:
    case = PoolCase.of(negative=True)(np.random.default_rng(1))
    assert case.x.max() < 0


def test_windows_beside_the_border_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fill 8 pixels"):
        steps(8, 3, 2)
    with pytest.raises(ValueError, match="do not fill 4 pixels"):
        PoolCase.of(image=(4, 4), window=(5, 5), stride=1)


def test_parameters_of_a_network_fit_its_images() -> None:
    for case in NETWORKS:
        C, H, W = case.input_dim
        assert case.X.shape[1:] == case.input_dim
        assert case.params["W1"].shape[1] == C
        assert case.params["W2"].shape[0] == case.num_filters * (H // 2) * (W // 2)
        assert H % 2 == W % 2 == 0
        assert all(np.any(case.params[name]) for name in ("b1", "b2", "b3"))


def test_naive_loops_over_a_convolution_stay_short() -> None:
    for case in CONVOLUTIONS:
        assert case.dout.size * case.w[0].size <= 50_000


def test_groups_divide_the_channels_and_scale_each_channel() -> None:
    for case in DRAWN:
        if getattr(case, "G", 1) > 1:
            assert case.x.shape[1] % case.G == 0
            assert case.gamma.shape == case.beta.shape == (1, case.x.shape[1], 1, 1)


def test_a_network_in_the_suites_stays_small_enough_for_naive_loops() -> None:
    trained = [case for case in NETWORKS if case.weight_scale]
    assert trained
    for case in trained:
        pixels = case.X.shape[0] * case.num_filters * case.X.shape[2] * case.X.shape[3]
        assert pixels * case.params["W1"][0].size <= 50_000
