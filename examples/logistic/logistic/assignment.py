"""Logistic regression by hand: the assignment as the grader loads it."""

from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
from grader.inline.question import read_questions
from logistic.suite import suite

HERE = Path(__file__).parent

ASSIGNMENT = Assignment(
    name="logistic",
    title="Logistic regression by hand",
    edition="1",
    suites=(suite,),
    starter=Starter(HERE / "starter", shared=("collectSubmission.sh",)),
    solution=Starter(HERE / "solution"),
    notebooks=("Logistic.ipynb",),
    restored=(),
    questions=read_questions("logistic", HERE / "inline.toml"),
    landmarks=("logreg/model.py", "Logistic.ipynb"),
)
