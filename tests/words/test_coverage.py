"""Whatever a student may read is said in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pytest

from api.pages.rendering import SCRIPT_SAYS
from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks.check import Check
from grader.checks.finding import Finding
from grader.checks.law import Law
from grader.checks.paper import Paper
from grader.checks.suite import Suite
from grader.proof.verify.suites import answered_by
from reporting.render.wording import WORDING, recognised
from words.catalogue import Catalogue
from words.languages import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in LANGUAGES if language != "en"]
NAMES = assignments.NAMES
FEWEST_WORDS = 4
SAY = re.compile(r"\btold\(\s*(?:\w+ === \"\w+\" \? )?\"([^\"]+)\"(?: : \"([^\"]+)\")?")
THE_SAME = {
    "CS231n grader",
    "Canvas CSV",
    "Gradescope CSV",
    "UTC",
    "grader run --assignment  --seed  PATH",
}
"""What pages say in every language."""
READING = re.compile(r"^(?=(?:is|has|holds|adds) )")
"""Where the name is missing that a law of evidence speaks of."""
SPEAKING = (
    "grader/cells.py",
    "grader/checks",
    "grader/crashes.py",
    "grader/judging.py",
    "grader/notebook/claims.py",
    "grader/notebook/read.py",
    "grader/notebook/source.py",
    "grader/session.py",
    "grader/sources.py",
    "grader/spelling.py",
    "grader/tree.py",
    "submissions/acceptance.py",
    "submissions/archive.py",
    "submissions/policy.py",
    "submissions/readings.py",
    "submissions/selection.py",
)
"""Modules that put sentences together for students."""
SILENT = (
    "grader/checks/recipe.py",  # Python
    "grader/checks/script.py",  # for authors of suites
    "grader/checks/suite.py",
)
UNSPOKEN = re.compile(
    r"[\\^]|^(?:no exhibit of|item) %s|^cs231n/|^the grader's preamble$|^deeper than any stub$"
)
"""Constants of these modules that no report has in it: patterns, and lines of a log."""
UNFINISHED = frozenset(
    {
        # Words that are chosen for a place in a sentence: FINISHED has the sentence.
        "it was stopped after x1 sx1",
        "x1 is off in x1: relative error x1 at x1, limit x1",
        "x1; the values are right",
        "x1 has no x1",
        "x1 has exactly x1 times x1 x1x1",
        "x1 is what it should be x1 x1",
        "the x1 axis",
        "x1 x1 the gradient of your own forward pass, which is where the mistake is",
        "x1 is x1 times what it should bex1",
        "x1 x1 not change when x1 changes",
        "x1 x1 when x1 changes, and should not",
        "x1 is exactly x1 times what it should bex1",
        "by the same amount",
        "x1 is off x1in every entryx1",
        "x1 holds the right numbers as they follow each other in the order x1",
        "x1: they were given the shape by reshaping alone",
        "x1 is off exactly where x1 x1, and right everywhere else",
        "What should happen where x1 x1?",
        "x1 is right, and stands one place x1 along x1",
        "x1x1; full points at x1, none at x1",
        "x1x1 are right; x1",
        "second axes from the end",
        "third axes from the end",
        "shapes are matched from the right, and x1 of x1 and x1 are x1 and x1",
        "setting an array element with a sequence",
        "truth value of an array",
        "the x1 axes",
        "x1th axis from the end",
        "x1 and x1 are",
        "x1: from cell x1 on",
        "x1 nothing is read: too many definitions come before it",
        "x1 does not parse (x1): x1 not read",
        "the submission's x1 are used up",
        "it did not come back within x1",
        "which this function is to do without",
        "line x1 of x1 has a loop (`x1`), x1",
        "x1 that a grader does not read",
        "; clear its outputs",
        "x1: more than x1 MiBx1",
        "x1 standard deviation",
        "x1 mean",
        # Told to the guest's code, as an error of Python's.
        "it is not given here",
        "it cannot be called like this (x1)",
    }
)
FINISHED = (
    "it was stopped after 60 s (cs231n/solver.py, line 9: `x = 1`)",
    "dx is off in every entry: relative error 4e-01 at [0, 1], limit 1e-06",
    "dx is off in 3 of 12 entries: relative error 4e-01 at [0, 1], limit 1e-06",
    "dx has shape (3,), (3, 1) was expected; the values are right",
    "config has no 'velocity'",
    "dx has exactly 2 times gamma too much, with N = 11 and 5",
    "dx has exactly 2 times gamma too little",
    "dx is what it should be multiplied with gamma",
    "dx is what it should be divided by gamma",
    "dx is right, and runs backwards along the second axis",
    "dx and dw are the gradients of your own forward pass, which is where the mistake is",
    "dx is the gradient of your own forward pass, which is where the mistake is",
    "dW has the data part right, and the penalty is 2 times what it should be",
    "dW adds up from wrong parts: the data part is N times what it should be, with N = 3 and 5; "
    "the penalty is missing",
    "dx and dw do not change when reg changes",
    "dx does not change when reg changes",
    "dx and dw change when reg changes, and should not",
    "dx changes when reg changes, and should not",
    "dx is exactly 1/N times what it should be, with N = 11 and 5 and D = 7 and 3",
    "dx and dw: each is exactly 1/2 times what it should be",
    "dx is off by the same amount in every entry",
    "dx is off by 0.5 in every entry",
    "dx is off by eps in every entry, with eps = 0.1 and 0.2",
    "dx holds the right numbers as they follow each other in the order D, N: they were given the "
    "shape by reshaping alone",
    *(
        f"dx is off exactly where x is {what}, and right everywhere else"
        for what in ("negative", "positive", "0", "not 0")
    ),
    *(f"What should happen where x is {what}?" for what in ("negative", "positive", "0", "not 0")),
    "dx is right, and stands one place too late along T",
    "dx is right, and stands one place too early along T",
    "measured: 31.2 % of 2000 images that it has never seen are right; full points from 37.5 % on, "
    "none at 30.0 %",
    "measured: 0.12; full points at 0.1, none at 1",
    "claimed: “acc: 0.5” (printed below cell 7 of knn.ipynb when it was saved)",
    "shapes are matched from the right, and the last axes of (3, 4) and (3, 5) are 4 and 5",
    "shapes are matched from the right, and the second axes from the end of (3, 4) and (2, 4) are 3 and 2",
    "shapes are matched from the right, and the third axes from the end of (3, 4, 4) and (2, 4, 4) are 3 "
    "and 2",
    "shapes are matched from the right, and the 4th axis from the end of (3, 4, 4, 4) and (2, 4, 4, 4) "
    "are 3 and 2",
    "knn.ipynb: from cell 900 on nothing is read: too many definitions come before it",
    "knn.ipynb: cell 3 does not parse (invalid syntax): def f is not read",
    "knn.ipynb: cell 3 does not parse (invalid syntax): def f and class A are not read",
    "the submission's 120 s are used up",
    "it did not come back within 20 s",
    "line 7 of cs231n/layers.py has a loop (`for i in range(N):`), which this function is to do without",
    "line 7 of cs231n/layers.py uses np.linalg.norm, which this function is to do without",
    "1 file that a grader does not read",
    "12 files that a grader does not read",
    "knn.ipynb: more than 20 MiB; clear its outputs",
    "data.h5: more than 20 MiB",
    "the factor of a kept unit is 1.5, expected 2",
    "divided by weight_scale, W1's standard deviation is 0.5, expected 1",
    "divided by weight_scale, W1's mean is 0.5, expected 0",
    "when the batch is one example: loss is off: relative error 1e-01, limit 1e-06",
    "NameError: name 'x' is not defined (cs231n/layers.py, line 3: `y = x`)",
    "when filters are higher than wide: ValueError: operands could not be broadcast together with shapes "
    "(3,3,5) (5,3,5,3) (cs231n/layers.py, line 715: `out[i, :] = np.sum(np.sum(np.sum(x*w, axis=-1)))`); "
    "there, x is (3, 3, 5), w is (5, 3, 5, 3); in the call `out = conv_forward_naive(x, w, b, param)`",
    "called from (cs231n/layers.py, line 3: `y = x`)",
    "cs231n.layers cannot be imported: SyntaxError: invalid syntax (cs231n/layers.py, line 3: `y = = x`)",
    "graded as if the earlier parts that it calls were right",
    "the wrong numbers come from affine_forward, relu_forward and x; begin with a2.affine.forward",
)
"""Sentences as they are put together."""


@pytest.fixture(params=OTHERS)
def words(request: pytest.FixtureRequest) -> Catalogue:
    found: Catalogue = catalogue(request.param)
    return found


def test_every_sentence_of_the_suites(words: Catalogue) -> None:
    lacking = {
        sentence
        for name in NAMES
        for sentence in _of_assignment(assignments.load(name))
        if words.missing(sentence)
    }
    assert not lacking


def test_every_verdict(words: Catalogue) -> None:
    lacking = [
        text
        for shown in WORDING.values()
        for text in (shown.label, shown.remark)
        if text and words.of(text) == text
    ]
    assert not lacking


@pytest.mark.parametrize("folder", ["reporting/render/templates", "api/pages/templates"])
def test_every_sentence_of_the_pages(words: Catalogue, folder: str) -> None:
    lacking = [
        f"{file.name}: {sentence}"
        for file in sorted((ROOT / folder).glob("*.html"))
        for sentence in _said_by(file.read_text("utf-8"))
        if sentence not in words
    ]
    assert not lacking


@pytest.mark.parametrize("folder", ["reporting/render/templates", "api/pages/templates"])
def test_pages_say_nothing_but_by_the_catalogue(folder: str) -> None:
    loose = [
        f"{file.name}: {text.strip()}"
        for file in sorted((ROOT / folder).glob("*.html"))
        for text in re.findall(r">([^<>{}]+)<", _without_code(file.read_text("utf-8")))
        if re.search(r"[A-Za-z]{2,}", text) and text.strip() not in THE_SAME
    ]
    assert not loose


def test_every_sentence_of_the_script(words: Catalogue) -> None:
    script = (ROOT / "api/pages/static/page.js").read_text("utf-8")
    told = {text for found in SAY.findall(script) for text in found if text}
    assert len(told) > 5
    assert told <= set(SCRIPT_SAYS)
    assert not [sentence for sentence in SCRIPT_SAYS if sentence not in words]


@pytest.mark.parametrize("place", SPEAKING)
def test_every_sentence_that_is_put_together(words: Catalogue, place: str) -> None:
    lacking = [
        f"{file.relative_to(ROOT)}: {sentence}"
        for file in _modules(ROOT / place)
        for sentence in _sentences(ast.parse(file.read_text("utf-8")))
        if sentence not in UNFINISHED and words.missing(sentence)
    ]
    assert not lacking


@pytest.mark.parametrize("sentence", FINISHED)
def test_every_sentence_as_it_is_put_together(words: Catalogue, sentence: str) -> None:
    assert words.of(sentence) != sentence
    assert not words.missing(sentence)


def test_every_claim_of_the_laws(words: Catalogue) -> None:
    lacking = [
        f"{file.name}: {sentence}"
        for file in sorted((ROOT / "grader/assignments").glob("a[123]/*.py"))
        for sentence in _claims(ast.parse(file.read_text("utf-8")))
        if sentence not in UNFINISHED and words.missing(sentence)
    ]
    assert not lacking


@pytest.mark.parametrize("question", ["Q1", "Q2", "Q3", "Q4", "Q5", "Extra credit"])
@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_said_of_mistakes(words: Catalogue, name: str, question: str) -> None:
    assignment = assignments.load(name)
    paper = Paper(4, assignment.probes)
    suites = [suite for suite in assignment.suites if suite.question == question]
    lacking = {
        left
        for finding in _findings(suites, paper)
        for sentence in _told(finding)
        for left in words.missing(sentence)
    }
    assert not lacking


def _of_assignment(assignment: Assignment) -> Iterator[str]:
    for suite in assignment.suites:
        yield suite.part
        yield from (dialect.says for item in suite.items for dialect in item.dialects)
        for probe in (probe for item in suite.items for probe in item.probes):
            yield probe.says
            if isinstance(probe, Check):
                yield from (f"when {when}: x" for when in probe.contract)
                for mistake in probe.mistakes:
                    yield from (mistake.says, mistake.ask)
                if probe.part:
                    yield from (probe.part.says, probe.part.rest)
                if probe.gradient:
                    yield probe.gradient.note
            if isinstance(probe, Law):
                yield from (f"not so: {probe.says}", probe.ask or "")
                yield f"when {probe.contract or probe.remark}: x"
    for question in assignment.questions:
        yield from (question.says, question.part)


def _said_by(template: str) -> Iterator[str]:
    environment = jinja2.Environment(autoescape=True)
    for call in environment.parse(template).find_all(jinja2.nodes.Call):
        is_say = isinstance(call.node, jinja2.nodes.Name) and call.node.name == "say"
        if is_say and isinstance(call.args[0], jinja2.nodes.Const):
            yield call.args[0].value


def _without_code(template: str) -> str:
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)


def _modules(place: Path) -> list[Path]:
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return [file for file in files if str(file.relative_to(ROOT)) not in SILENT]


def _sentences(tree: ast.Module) -> Iterator[str]:
    """The texts of a module that are sentences, with a name for whatever is put into them."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        # What a pattern of `re`, an exception for programmers or a log's line is made of.
        if isinstance(node, ast.Raise | ast.Assert) or _is_pattern(node):
            silent |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            silent |= {id(value) for value in node.values}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            yield READING.sub("x1 ", _filled(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.replace("{}", "x")
            if len(text.split()) >= FEWEST_WORDS and not UNSPOKEN.search(text):
                yield READING.sub("x1 ", text.strip())


def _is_pattern(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("re.", "log."))


def _filled(text: ast.JoinedStr) -> str:
    pieces = [v.value if isinstance(v, ast.Constant) else "x1" for v in text.values]
    return "".join(str(piece) for piece in pieces).strip()


def _claims(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            at = {"near": 2, "that": 1}.get(node.func.id)
            if at is not None and len(node.args) > at:
                fact = node.args[at]
                if isinstance(fact, ast.JoinedStr):
                    yield _filled(fact)
                elif isinstance(fact, ast.Constant):
                    yield str(fact.value)


def _findings(suites: list[Suite], paper: Paper) -> Iterator[Finding]:
    checks = [
        probe
        for suite in suites
        for item in suite.items
        for probe in item.probes
        if isinstance(probe, Check)
    ]
    for check in checks:
        for mistake in check.mistakes:
            yield check.examine(answered_by(check, mistake.would_give), paper)
        for distort in DISTORTIONS:
            yield check.examine(answered_by(check, _distorted(check, distort)), paper)


def _distorted(check: Check[Any, Any], distort: Any) -> Any:
    def given(case: Any) -> Any:
        right = check.oracle(case)
        fields = {
            name: distort(value) if isinstance(value, np.ndarray | float) else value
            for name, value in vars(right).items()
        }
        return type(right)(**fields)

    return given


def _told(finding: Finding) -> Iterator[str]:
    yield from (*finding.failed, *finding.slips, *finding.notes)
    if finding.diagnosis:
        yield from (recognised(finding.diagnosis), finding.diagnosis.ask)
    for clue in finding.exhibit.clues:
        yield from (clue.says, clue.ask or "")


DISTORTIONS = (
    lambda value: value * 3.7,
    lambda value: -value,
    lambda value: value + 1.5,
    lambda value: np.asarray(value).T * 1.0,
    lambda value: np.asarray(value).reshape(-1),
    lambda value: np.flip(np.asarray(value)),
    lambda value: np.roll(np.asarray(value), 1),
    lambda value: np.asarray(value).astype(np.float32) * np.float32(1.00001),
    lambda value: np.rint(np.asarray(value)),
    lambda value: np.asarray(value) * np.nan,
    lambda value: np.zeros_like(np.asarray(value)),
    lambda value: np.maximum(np.asarray(value), 0),
    lambda _: "words",
    lambda _: None,
)
