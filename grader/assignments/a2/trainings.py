"""a2 · the cells that train on CIFAR-10: the best network, and four networks of torch."""

from collections.abc import Callable
from dataclasses import dataclass

from grader.assignments.a2 import pytorch_networks
from grader.assignments.a2.preambles import text
from grader.assignments.preambles import shared
from grader.cases.dense import Array
from grader.cases.holdout import Lesson, lesson
from grader.checks.cells import Cells
from grader.checks.metric import Bar, Rate, top
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Item, Suite
from grader.notebook.slicing import Anchor

CIFAR10 = "cifar10"
MEMORY_MIB = 5000
"""All training images as float32 are 600 MB, and the course's own cells copy them."""

TORCH = f"{text('pytorch')}\n\n{text('loaders')}"


@dataclass(frozen=True)
class Scored:
    """Scores (N, 10) of the images that were asked."""

    scores: Array | None


def _right(says: str) -> Callable[[Lesson, Scored], Rate]:
    def measure(held_out: Lesson, student: Scored) -> Rate:
        return top(student.scores, held_out.labels)

    measure.__doc__ = says
    return measure


def add_best_model(suite: Suite, after: tuple[Item, ...]) -> Item:
    """Add the item of FullyConnectedNets.ipynb that trains the best network."""
    item = suite.item(
        "fc.best_model",
        points=1,
        after=after,
        cells=Cells(
            "FullyConnectedNets.ipynb",
            Anchor(("best_model",)),
            f"{text('pixels')}\n{shared('data_again')}",
            training=True,
            memory_mib=MEMORY_MIB,
        ),
    )
    item.metric(
        Script(NOTEBOOK, Lesson, Scored, "scores = grader_scores(best_model, images)"),
        draw=lesson(),
        needs=CIFAR10,
        bar=Bar(full=0.50, zero=0.40, drop=0.035),
    )(_right("best_model recognises images that it has never seen"))
    return item


# --- PyTorch.ipynb ----------------------------------------------------------------------------------

suite = Suite(
    "a2",
    "PyTorch",
    question="Q5",
    reading="CS231n notes, “Neural Networks Part 3”, babysitting the learning process",
    items=[*pytorch_networks.suite.items],
)


def _train(
    name: str,
    points: float,
    anchor: Anchor,
    bar: Bar,
    says: str,
    *,
    calls: str = "grader_scores(model, inputs)",
    after: tuple[Item, ...] = (),
) -> Item:
    item = suite.item(
        f"pytorch.{name}",
        points=points,
        after=after,
        cells=Cells(
            "PyTorch.ipynb",
            anchor,
            TORCH,
            profile="torch",
            training=True,
            whole=True,
            memory_mib=MEMORY_MIB,
        ),
    )
    script = Script(
        NOTEBOOK,
        Lesson,
        Scored,
        f"""
        inputs = grader_ready(images)
        scores = {calls}
        """,
    )
    item.metric(script, draw=lesson(asked=2000), needs=CIFAR10, bar=bar)(_right(says))
    return item


barebones_train = _train(
    "barebones_train",
    1,
    Anchor(("params",), ("conv_w1", "fc_w")),
    Bar(full=0.42, zero=0.30, drop=0.02),
    "your parameters, after an epoch of plain gradient descent, recognise images",
    calls="grader_scores(three_layer_convnet, inputs, params)",
    after=(pytorch_networks.forward,),
)
module_train = _train(
    "module_train",
    1,
    Anchor(("model",), ("optimizer", "channel_1"), nth=0),
    Bar(full=0.45, zero=0.35, drop=0.02),
    "your ThreeLayerConvNet, after an epoch of plain gradient descent, recognises images",
    after=(pytorch_networks.module,),
)
sequential = _train(
    "sequential",
    1.5,
    Anchor(("model",), ("optimizer", "channel_1"), nth=1),
    Bar(full=0.55, zero=0.45, drop=0.02),
    "your nn.Sequential, after an epoch with Nesterov's momentum, recognises images",
)
open_ended = _train(
    "open_ended",
    3,
    Anchor(("model",), ("optimizer",), nth=-1),
    Bar(full=0.70, zero=0.55, drop=0.02),
    "your own network, trained in at most 14 epochs, recognises images",
)
