"""The torch half of the a3 starter: stubs, notebooks, and checks that hold for the right answers."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.assignments.assignment import Assignment
from grader.proof import assembled

START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
REGIONS = {
    "transformer_layers.py": 3,
    "classifiers/transformer.py": 1,
    "gan_pytorch.py": 10,
    "simclr/contrastive_loss.py": 6,
}
QUESTIONS = {
    "Transformer_Captioning": 1,
    "Generative_Adversarial_Networks": 6,
    "Self_Supervised_Learning": 0,
}
CHECKS = {
    "Transformer_Captioning": ("tc-setup", "tc-attention", "tc-positions", "tc-network", "tc-laws"),
    "Generative_Adversarial_Networks": (
        *("ga-setup", "ga-flatten-given", "ga-noise", "ga-discriminator", "ga-generator"),
        *("ga-losses", "ga-optimizer", "ga-least-squares", "ga-dc-classifier", "ga-dc-generator"),
    ),
    "Self_Supervised_Learning": ("ss-setup", "ss-naive", "ss-vectorized"),
}
"""Cells that need no data; ``-check`` is left out."""
SAID = {
    "Transformer_Captioning": [
        r"of itself: shape \(2, 3, 8\), error \d\.\de-0[3-9]",
        r"masked: shape \(2, 3, 8\), error \d\.\de-0[3-9]",
        r"of others: shape \(2, 3, 8\), error \d\.\de-0[3-9]",
        r"error: 0\.000\d+",
        r"dropped in training, about 10 % expected: 0\.(0[6-9]|1[0-4])\d*",
        r"shape, \(4, 3, 3\) expected: \(4, 3, 3\)",
        r"error: 0\.000\d+",
        *[rf"{law}: +True" for law in ("after it", "matters", "matters", "in a batch")],
    ],
    "Generative_Adversarial_Networks": [
        "a tensor: True of shape (3, 4): True".replace("(", r"\(").replace(")", r"\)"),
        r"from -0\.9\d+ to 0\.9\d+ with mean -?0\.0\d+",
        "parameters: 267009 expected: 267009",
        r"output, \(128, 1\) expected: \(128, 1\)",
        "parameters: 1858320 expected: 1858320",
        r"output, \(128, 784\) expected: \(128, 784\)",
        r"discriminator_loss error: \d",
        r"generator_loss error: +\d",
        r"\{'lr': 0\.001, 'betas': \(0\.5, 0\.999\)\}",
        r"ls_discriminator_loss error: (0\.0|\d\S*e-0[7-9])",
        r"ls_generator_loss error: +(0\.0|\d\S*e-0[7-9])",
        "parameters: 1102721 expected: 1102721",
        r"output, \(128, 1\) expected: \(128, 1\)",
        "parameters: 6580801 expected: 6580801",
        r"output, \(128, 784\) expected: \(128, 784\)",
    ],
    "Self_Supervised_Learning": [
        r"sim of pair 0 error: \d\S*e-0[7-9]",
        r"sim of pair 1 error: \d\S*e-0[7-9]",
        r"loss at tau = 5\.0 error: \d\S*e-(0[7-9]|1\d)",
        r"loss at tau = 1\.0 error: \d\S*e-(0[7-9]|1\d)",
        r"positive pairs error: \d\S*e-0[7-9]",
        "matrix is as expected: True True",
        r"loss at tau = 5\.0 error: \d\S*e-(0[7-9]|1\d)",
        r"loss at tau = 1\.0 error: \d\S*e-(0[7-9]|1\d)",
    ],
}
RUN = """
import json, sys, types
import matplotlib
matplotlib.use("Agg")
from grader.sandbox.guest import vision

def module(name, fill=lambda module: None):
    made = sys.modules[name] = types.ModuleType(name)
    fill(made)
    return made

torchvision = module("torchvision")
torchvision.transforms = module("torchvision.transforms", vision.fill_transforms)
torchvision.datasets = module("torchvision.datasets", vision.fill_datasets)
names = {"batch_size": 128}
for source in json.load(sys.stdin):
    exec(source, names)
"""


@pytest.fixture(scope="module")
def finished(a3: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter with the reference's answers in it."""
    folder = tmp_path_factory.mktemp("finished")
    a3.starter.write(folder)
    for path, content in assembled.perfect(a3).items():
        (folder / path).write_bytes(content)
    return folder


def test_every_torch_module_holds_its_regions(a3: Assignment) -> None:
    for name, count in REGIONS.items():
        text = (a3.starter / f"cs231n/{name}").read_text()
        marks = re.findall(f"{re.escape(START)}|{re.escape(END)}", text)
        assert marks == [START, END] * count, name
        for body in re.findall(f"{re.escape(START)}\n(.*?)# {re.escape(END)}", text, re.S):
            assert body.split() == ["pass"], name


def test_no_line_of_the_torch_modules_is_too_long(a3: Assignment) -> None:
    given = ("captioning_solver_transformer.py", "simclr/model.py", "simclr/data_utils.py")
    long = [
        (name, number)
        for name in (*REGIONS, *given, "simclr/utils.py")
        for number, line in enumerate(
            (a3.starter / f"cs231n/{name}").read_text().splitlines(), start=1
        )
        if len(line) > 100
    ]
    assert long == []


@pytest.mark.parametrize("part", sorted(QUESTIONS))
def test_the_notebook_is_valid_and_holds_its_questions(a3: Assignment, part: str) -> None:
    text = (a3.starter / f"{part}.ipynb").read_text()
    book = nbformat.reads(text, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    asked = [c.source for c in book.cells if re.match(r"## Inline Question \d", c.source)]
    assert len(asked) == QUESTIONS[part]
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            compile(cell.source, part, "exec")


@pytest.mark.parametrize("part", sorted(CHECKS))
def test_the_notebooks_checks_hold_for_right_answers(finished: Path, part: str) -> None:
    cells = json.loads((finished / f"{part}.ipynb").read_text())["cells"]
    sources = {cell["id"].removesuffix("-check"): "".join(cell["source"]) for cell in cells}
    checks = {c["id"]: "".join(c["source"]) for c in cells if c["id"].endswith("-check")}
    chosen = [checks.get(f"{name}-check", sources[name]) for name in CHECKS[part]]
    root = Path(__file__).parents[4]
    run = subprocess.run(
        [sys.executable, "-B", "-c", RUN],
        cwd=finished,
        env={"PYTHONPATH": f"{finished}:{root}", "OMP_NUM_THREADS": "1"},
        input=json.dumps(chosen),
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-800:]
    lines = run.stdout.splitlines()
    assert len(lines) == len(SAID[part]), run.stdout
    for line, pattern in zip(lines, SAID[part], strict=True):
        assert re.search(pattern, line), line
