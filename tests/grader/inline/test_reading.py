"""What is certain is read, in every way in which students write it; the rest goes to people."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks.verdict import Awaiting, Failed, Partial, Passed, Unanswered, fraction
from grader.inline.found import Answer
from grader.inline.judge import judge
from grader.inline.question import Question

Said = Callable[..., Answer]
Questions = dict[str, Question]


def judged(question: Question, answer: Answer) -> Any:
    return judge(question, {question.id: answer})


@pytest.mark.parametrize(
    "text",
    [
        "2,4", "2, 4", "2 4", "2 and 4", "2 & 4.", "*2 and 4*", "`2`, `4`", "$2, 4$", "$\\text{2, 4}$",
        "②④", "② ④", "２，４", "2、4", "2和4", "(2), (4)", "- 24", "**2**\\\n**4**", "[2, 4]",
        "The answer is 2 and 4", "Answers: 2, 4", "2 and 4 are true.", "2, 4 are correct",
        "True statements: **2, 4**", "2 and 4 are True statements", "答案是2、4", "1(x) 2 3(x) 4",
        "1. False, since it bends\n2. True\n3. False\n4. True, all are compared\n5. False",
        "1 X\n2 O\n3 X\n4 O\n5 X",
    ],
)  # fmt: skip
def test_a_choice_in_many_spellings(questions: Questions, said: Said, text: str) -> None:
    assert isinstance(judged(questions["knn3"], said(text)), Passed)
    assert isinstance(
        judged(questions["knn3"], said(text, "Because 1-NN is 0 for 3 of 5.")), Passed
    )


@pytest.mark.parametrize(
    ("text", "share"),
    [("4", 0.5), ("1, 2 and 4", 0.5), ("1, 4", 0.0), ("1, 2, 3, 4", 0.0), ("2, 5", 0.0)],
)
def test_each_wrong_choice_costs_what_a_right_one_earns(
    questions: Questions, said: Said, text: str, share: float
) -> None:
    verdict = judged(questions["knn3"], said(text))
    assert fraction(verdict) == share
    assert isinstance(verdict, Partial if share else Failed)
    assert verdict.facts[0].startswith("read as ")


@pytest.mark.parametrize(
    "text",
    [
        "The fourth statement holds.", "2 and 4 are false", "2, 4 or 5", "24.5", "2, 7", "not 2, 4",
        "1, 3, 5", "123 for sure. I am not certain about 4", "2. It is 0.\n4. All are compared.",
        "2. It is 0.\n\n4. All are compared.", "see below", "2 → yes, 4 → perhaps", "22, 4",
        "1. likely true\n2. not so\n3. true", "~~1~~ 2, 4",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_read_by_people(questions: Questions, said: Said, text: str) -> None:
    assert isinstance(judged(questions["knn3"], said(text)), Awaiting)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2, because few features make a poor estimate.", Passed),
        ("2. Because the mean of few features is noise.", Passed),
        ("2;特征很少时，均值不可靠。", Passed),
        ("2, 3", Failed),
        ("2. Few features.\n3. Weights are small.", Awaiting),
        ("1. It works well.\n\n2. It does not work.", Awaiting),
        ("2. Few features; 3 is no problem.", Awaiting),
        ("Few features.", Awaiting),
    ],
)
def test_one_choice_with_its_reason(
    questions: Questions, said: Said, text: str, expected: type
) -> None:
    assert isinstance(judged(questions["bn4"], said(text)), expected)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1, 2, 3", ""), Passed),
        (("Preprocessing steps that will not change the performance: `1`, `2`, `3`",), Passed),
        (("1, 2, 3, 5", "5 is a pure permutation of the pixels."), Passed),
        (("1,2,3,5", "旋转只是像素的重新排列"), Passed),
        (("1, 2, 3, 5", "Rotating the axes keeps the L1 distance."), Awaiting),
        (("1, 3, 5", "Rotating the axes keeps the L1 distance."), Partial),
        (("4, 5", "the others leave the distances as they are"), Awaiting),
        (("1, 2, 3, 4", ""), Partial),
    ],
)
def test_the_contested_option_needs_its_argument(
    questions: Questions, said: Said, parts: tuple[str, ...], expected: type
) -> None:
    assert isinstance(judged(questions["knn2"], said(*filter(None, parts))), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("True", Passed), ("true.", Passed), ("**True**, since a hinge can be 0", Passed), ("Yes", Passed),
        ("对", Passed), ("正确。因为", Passed), ("The statement is true", Passed),
        ("$\\text{True}$", Passed),
        ("False", Failed), ("No, both change", Failed), ("错误", Failed),
        ("True or false", Awaiting), ("对或错", Awaiting), ("A hinge can be 0.", Awaiting),
        ("Not true", Awaiting), ("true for SVM, false for softmax", Awaiting), ("nothing", Awaiting),
        ("falsehood", Awaiting),
    ],
)  # fmt: skip
def test_true_or_false(questions: Questions, said: Said, text: str, expected: type) -> None:
    assert isinstance(judged(questions["soft2"], said(text)), expected)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("BN: 3, LN: 2", 1), ("Batch normalization -> 3\nLayer normalization -> 2", 1),
        ("2. Layer Normalization\n3. Batch Normalization", 1), ("3类似于batch norm，2类似layer norm", 1),
        ("3 is analogous to batch normalization and 2 to layer normalization", 1),
        ("1. none\n2. layer norm\n3. batch norm\n4. neither", 1),
        ("layer normalization：1,2\n batch normalization：3", 0.5), ("Batch: 1\n\nLayer: 2", 0.5),
        ("1.LN\n2.BN\n3.LN\n4.BN", 0), ("1 and 2 are batchnorm, 3 and 4 are layernorm", 0),
        ("BN: 3, LN: 2, and 4 is more like dropout", None), ("BN: 3", None), ("3, 2", None),
        ("Subtracting the mean image is like batch normalization.", None),
        ("3 is batch norm. When gamma = 1 it is 2 layer norm", None), ("BN: 3, LN: 3", None),
    ],
)  # fmt: skip
def test_which_goes_with_which(
    questions: Questions, said: Said, text: str, share: float | None
) -> None:
    verdict = judged(questions["bn3"], said(text))
    assert (None if isinstance(verdict, Awaiting) else fraction(verdict)) == share


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1, 2. Sigmoid for very large or small inputs, ReLU for negative inputs.", 1),
        ("Sigmoid and ReLU have this problem. Sigmoid if |x| is large, ReLU when x is negative.", 1),
        ("1. Sigmoid: far from 0 it saturates.\n2. ReLU: it is 0 for negative inputs.", 1),
        ("sigmoid, ReLU", 0.5), ("1 2", 0.5), ("**Sigmoid** and **ReLU**", 0.5),
        ("Sigmoid has it when the input is very large.", 0.5), ("Sigmoid", 0.25),
        ("Sigmoid has it for large inputs. ReLU does as well, and leaky ReLU hardly.", None),
        ("Sigmoid and ReLU. It is like a switch.", None),
        ("1. Sigmoid: yes\n2. ReLU: yes\n3. Leaky ReLU: no", None),
        ("All of them may.", None),
    ],
)  # fmt: skip
def test_things_by_name_and_their_inputs(
    questions: Questions, said: Said, text: str, share: float | None
) -> None:
    verdict = judged(questions["net1"], said(text))
    assert (None if isinstance(verdict, Awaiting) else fraction(verdict)) == share


HEAD = "$y_0$ | $y_1$ | $y_2$ | $y_3$ | $y_4$ | $y_5$ | $y_6$\n --- | --- | --- | --- | --- | --- | ---\n"
Y, X = "1 | 2 | 1 | -1 | -2 | -1 | 1", "1 | -1 | -2 | -1 | 1 | 2 | 1"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (f"It is 0.\n\n{HEAD} {Y}\n{HEAD.replace('y', 'x')} {X}", 1),
        (f"{Y.replace('|', ' ')}\n{X.replace('|', ' ')}\nIt is 0 at x = 0.", 1),
        (f"| {Y} |\n| {X.replace('-2', '−2')} |", 1),
        (f"{Y}\n1 | -1 | 2 | 1 | 1 | 2 | 1", 0.5),
        ("1 | 2 | -1 | -3 | -2 | -1 | 1\n1 | -1 | -2 | 1 | 3 | 2 | 1", 0),
        (Y, None),
        (f"{Y} | 2\n{X} | -1", None),
        (f"{Y}\n{X}\n{X}", None),
        ("y1 = 2, x1 = -1", None),
    ],
)
def test_a_table(questions: Questions, said: Said, text: str, share: float | None) -> None:
    verdict = judged(questions["gan4"], said(text))
    assert (None if isinstance(verdict, Awaiting) else fraction(verdict)) == share


def test_a_picture(questions: Questions, said: Said) -> None:
    assert isinstance(judged(questions["gan1"], said(pictured=True)), Passed)
    assert isinstance(judged(questions["gan1"], said()), Unanswered)
    assert isinstance(judged(questions["gan1"], said("blurred digits")), Awaiting)


def test_words_wait_for_people_and_silence_is_unanswered(questions: Questions, said: Said) -> None:
    assert isinstance(judged(questions["knn1"], said("a test image unlike all others")), Awaiting)
    assert isinstance(judged(questions["knn1"], said("")), Unanswered)
    assert isinstance(judge(questions["knn1"], {}), Unanswered)


@pytest.mark.parametrize("name", ["knn2", "knn3", "soft2", "net1", "bn3", "bn4", "gan4"])
@pytest.mark.parametrize(
    "text",
    [
        "1, " * 20_000, "1 " * 20_000, "| " * 20_000, "1 and " * 9_000 + "!", "." * 50_000,
        "1." + "." * 50_000,
        "<a" * 30_000, "sigmoid " * 9_000, "$" * 50_000, "\\\\" * 20_000, "bn 3 ln 2 " * 5_000,
        "[" * 50_000,
        "1\n" * 20_000, "the answer is " * 4_000, "\x00\ud800\u202e1",
    ],
)  # fmt: skip
def test_nothing_that_is_written_upsets_or_delays_a_reading(
    questions: Questions, said: Said, name: str, text: str
) -> None:
    verdict = judged(questions[name], said(text, text))
    assert fraction(verdict) <= 1
