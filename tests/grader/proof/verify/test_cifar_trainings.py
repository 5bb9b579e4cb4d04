from dataclasses import replace
from pathlib import Path

import pytest

from grader.datasets import synthetic
from grader.proof.verify import (
    captioning_transformer,
    cifar_features,
    cifar_linear,
    cifar_nets,
    cifar_torch,
    initial_scales,
)
from grader.proof.verify.cifar import Sizes
from grader.proof.verify.solving import Recipe
from reference.classifiers import LinearClassifier, LinearSVM, Softmax

SIZES = Sizes(train=100, validation=40, test=40)
ONCE = Recipe(epochs=1, learning_rate=1e-3, batch_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("data") / "cifar-10-batches-py"
    synthetic.write_images(place, synthetic.images(1, train=200, test=40))
    return place


def test_neighbours_are_cross_validated(folder: Path) -> None:
    trained = cifar_linear.nearest_neighbours(folder, train=100, test=20, ks=(1, 5))
    assert trained.figure > 0.2
    assert trained.curves["k"] == (1.0, 5.0)
    folds = [trained.curves[f"fold {number} accuracy"] for number in range(1, 6)]
    means = [pytest.approx(sum(each) / 5) for each in zip(*folds, strict=True)]
    assert list(trained.curves["mean accuracy"]) == means


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
def test_linear_classifiers_learn_a_template_per_class(
    folder: Path, kind: type[LinearClassifier]
) -> None:
    descent = replace(cifar_linear.SVM, steps=30, batch_size=50)
    first, second = (cifar_linear.linear(folder, kind(), descent, SIZES) for _ in range(2))
    assert (first.figure, first.curves) == (second.figure, second.curves)
    assert first.curves["loss"][-1] < first.curves["loss"][0]
    weights = first.pictures["weights"]
    assert weights.pixels.shape == (10, 32, 32, 3)
    assert weights.titles == synthetic.NAMES


def test_networks_of_the_solver_are_measured(folder: Path) -> None:
    for run in (cifar_nets.two_layers, cifar_features.network, cifar_nets.fully_connected):
        trained = run(folder, ONCE, SIZES)
        assert 0 <= trained.figure <= 1
        assert len(trained.curves["loss"]) == 5
        assert len(trained.curves["validation accuracy"]) == 2


def test_an_svm_learns_features(folder: Path) -> None:
    trained = cifar_features.svm(folder, steps=200, sizes=SIZES)
    assert trained.figure > 0.2
    assert trained.curves["loss"][-1] < trained.curves["loss"][0]


def test_a_convolutional_net_shows_its_filters(folder: Path) -> None:
    trained = cifar_nets.convolutional(folder, ONCE, SIZES)
    assert trained.figure == trained.curves["training accuracy"][-1]
    assert trained.pictures["first filters"].pixels.shape == (32, 7, 7, 3)


def test_batch_norm_is_compared_at_every_scale(folder: Path) -> None:
    sizes = Sizes(train=100, validation=20, test=20)
    trained = initial_scales.batch_norm_against_scales(folder, (1e-4, 1e-3), sizes, epochs=5)
    assert trained.figure == 1
    assert trained.curves["initial scale"] == (1e-4, 1e-3)
    assert {len(values) for values in trained.curves.values()} == {2}


def test_networks_of_pytorch_are_measured_before_and_after(folder: Path) -> None:
    for trained in (
        cifar_torch.bare(folder, SIZES),
        cifar_torch.small(folder, cifar_torch.MODULE, SIZES),
        cifar_torch.small(folder, cifar_torch.SEQUENTIAL, SIZES),
    ):
        assert len(trained.curves["loss"]) == 2
        assert len(trained.curves["validation accuracy"]) == 2
        assert trained.figure == trained.curves["validation accuracy"][-1]
        assert trained.pictures["first filters"].pixels.shape == (32, 5, 5, 3)


def test_the_residual_net_is_measured_after_every_epoch(folder: Path) -> None:
    trained = cifar_torch.residual(folder, epochs=2, sizes=SIZES)
    assert len(trained.curves["validation accuracy"]) == 3


def test_the_transformer_learns_captions() -> None:
    trained = captioning_transformer.transformer(images=5, epochs=20)
    losses = trained.curves["loss"]
    assert trained.figure == pytest.approx(sum(losses[-10:]) / 10)
    assert trained.figure < losses[0]
