"""Trainings of whole submissions, run to their end on a small data set as they are on CIFAR-10."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from grader import assignments
from grader.datasets import synthetic
from grader.proof.assembled import perfect
from grader.run import Grader, Options
from reporting.report import ItemReport

Grade = Callable[..., dict[str, ItemReport]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("small")
    synthetic.write_images(made / "cifar-10-batches-py", synthetic.images(1, train=400, test=120))
    return made


@pytest.fixture(scope="module")
def grade(folder: Path) -> Iterator[Grade]:
    """Grades some items of the reference's tree, in which some files are replaced."""
    with ExitStack() as resources:

        def graded(
            assignment: str, *only: str, files: dict[str, bytes] | None = None
        ) -> dict[str, ItemReport]:
            options = Options(seed=1, only=only, data=(str(folder),), training_seconds=300)
            grader = resources.enter_context(Grader(assignment, options))
            tree = perfect(assignments.load(assignment)) | (files or {})
            report = grader.grade("somebody", tree)
            assert report.status == "graded"
            return {item.id: item for item in report.items}

        yield graded


def measured(item: ItemReport) -> bool:
    return item.facts[0].startswith("measured: ")


def notebook(assignment: str, name: str, cell: str, *instead: str) -> dict[str, bytes]:
    """The reference's notebook in which the cell that holds a text is replaced by others."""
    content: Any = json.loads(perfect(assignments.load(assignment))[name])
    at = next(n for n, one in enumerate(content["cells"]) if cell in "".join(one["source"]))
    content["cells"][at : at + 1] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in instead
    ]
    return {name: json.dumps(content).encode()}


PYTORCH = ("barebones_train", "module_train", "sequential", "open_ended")


def test_the_reference_learns_with_torch(grade: Grade) -> None:
    items = grade("a2", *(f"a2.pytorch.{name}" for name in PYTORCH))
    assert len(items) == len(PYTORCH)
    assert all(map(measured, items.values()))
    # One epoch of so few images teaches little; ours has seven.
    assert items["a2.pytorch.open_ended"].verdict == "passed"


# As the notebook has it, and as it is called in every training of it.
CHECK = """
def check_accuracy_part34(loader, model):
    print("validation" if loader.dataset.train else "test", loader.dataset.classes[0], len(loader.dataset))
    right, count = 0, 0
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            right += (model(x.to(device=device, dtype=dtype)).argmax(dim=1) == y.to(device)).sum()
            count += len(y)
    print(f"Got {right} / {count} correct")
"""

OWN_LOADERS = """
rows = sampler.SubsetRandomSampler(range(NUM_TRAIN))
mine = DataLoader(cifar10_train, batch_size=32, sampler=rows)
model = nn.Sequential(nn.AvgPool2d(4), Flatten(), nn.Linear(3 * 8 * 8, 10)).to(device)
optimizer = optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(20):
    for x, y in mine:
        loss = F.cross_entropy(model(x.to(device)), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    check_accuracy_part34(loader_val, model)
check_accuracy_part34(loader_test, model)
assert torch.tensor(cifar10_test.targets).shape == (len(cifar10_test.data),)
"""


def test_loaders_and_data_sets_are_as_the_notebook_has_them(grade: Grade) -> None:
    files = notebook("a2", "PyTorch.ipynb", "for lr, epochs in", CHECK, OWN_LOADERS)
    item = grade("a2", "a2.pytorch.open_ended", files=files)["a2.pytorch.open_ended"]
    assert item.verdict in ("passed", "partial")
    assert measured(item)
    assert item.points > 0


NETWORK_AGAIN = """
from cs231n.data_utils import get_CIFAR10_data
data = get_CIFAR10_data()
assert get_CIFAR10_data(num_training=20)["X_train"].shape == (20, 3, 32, 32)
model = TwoLayerNet(3 * 32 * 32, 50, 10, reg=0.1)
solver = Solver(model, data, optim_config={"learning_rate": 1e-3}, num_epochs=30, verbose=False)
solver.train()
"""
ROWS_AGAIN = """
from cs231n.data_utils import load_CIFAR10
X, y, _, _ = load_CIFAR10("cs231n/datasets/cifar-10-batches-py")
assert X.shape[1:] == (32, 32, 3) and len(X) == len(y) == num_training + num_validation
rows = np.hstack([X.reshape(len(X), -1) - X.mean(axis=0).ravel(), np.ones((len(X), 1))])
best_softmax = Softmax()
best_softmax.train(rows, y, learning_rate=1e-6, reg=1e3, num_iters=300)
"""


def test_a_cell_may_read_the_data_set_once_more(grade: Grade) -> None:
    files = notebook("a1", "two_layer_net.ipynb", "solver = ", NETWORK_AGAIN)
    files |= notebook("a1", "softmax.ipynb", "best_softmax = ", ROWS_AGAIN)
    for item in grade("a1", "a1.fc.solver", "a1.softmax.tune", files=files).values():
        assert item.verdict in ("passed", "partial"), item.facts
        assert measured(item)


def test_features_are_taken_from_any_data_set(grade: Grade) -> None:
    assert measured(grade("a1", "a1.features.linear")["a1.features.linear"])


def test_views_of_images_teach_an_encoder(grade: Grade) -> None:
    assert grade("a3", "a3.simclr.outcome")["a3.simclr.outcome"].verdict == "passed"


def test_a_training_without_its_data_set_says_how_to_get_it() -> None:
    only = ("a3.simclr.outcome",)
    with Grader("a3", Options(only=only, training_seconds=5)) as grader:
        (item,) = grader.grade("somebody", perfect(assignments.load("a3"))).items
    assert item.verdict == "not_run"
    assert "grader data download cifar10" in item.facts[0]
