"""Questions with a key: right answers are read as right however they are written, wrong ones are not.

The spellings are those in which students write; what a spelling says is put in by the key, so that no
answer is written down twice.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from grader.assignments.assignment import Assignment
from grader.checks.verdict import Awaiting, Passed, Verdict
from grader.inline.found import Answer
from grader.inline.judge import judge
from grader.inline.question import Question
from grader.notebook.inline import InlineAnswer
from grader.proof.verify.step import Found, Step

Spelling = Callable[[list[int]], str]
LISTS: tuple[Spelling, ...] = (
    lambda chosen: ", ".join(map(str, chosen)),
    lambda chosen: " and ".join(map(str, chosen)),
    lambda chosen: "、".join(map(str, chosen)),
    lambda chosen: "".join(chr(0x2460 + number - 1) for number in chosen),  # ①②
    lambda chosen: f"**{' '.join(map(str, chosen))}**",
    lambda chosen: f"The answer is {', '.join(map(str, chosen))}.",
)


def steps(assignment: Assignment) -> list[Step]:
    """One step, where the assignment has such questions."""
    keyed = [q for q in assignment.questions if q.read and q.read["kind"] != "picture"]
    if not keyed:
        return []
    return [
        Step(
            f"{assignment.name} keys",
            "Keys in many spellings earn every point, and no other choice does",
            f"{len(keyed)} questions",
            lambda: _keys(keyed),
        )
    ]


def _keys(questions: list[Question]) -> Found:
    missed = []
    tried = 0
    for question in questions:
        for text, is_right in _written(question.read):
            tried += 1
            verdict = _judged(question, text)
            if is_right and not isinstance(verdict, Passed):
                missed.append(f"{question.id}: {text!r} is right, and is not read so")
            if not is_right and isinstance(verdict, _right_by_now(question)):
                missed.append(f"{question.id}: {text!r} is wrong, and is not read so")
    return Found(f"{tried} answers to {len(questions)} questions", tuple(missed))


def _right_by_now(question: Question) -> type[Verdict] | tuple[type[Verdict], ...]:
    # A choice of nothing that is right, or of what is contested, may be left to people.
    return Passed if question.read["kind"] == "choice" else (Passed, Awaiting)


def _judged(question: Question, text: str) -> Verdict:
    said = InlineAnswer("", 0, "", text, answered=True, asked="", parts=(text,))
    return judge(question, {question.id: Answer(said, pictured=False)})


def _written(read: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Answers, and whether each is right."""
    match read["kind"]:
        case "choice":
            yield from ((spelled(read["key"]), True) for spelled in LISTS)
            yield from ((LISTS[0](chosen), False) for chosen in wrong_choices(read))
        case "truth":
            for word, value in (("True", True), ("**False**", False), ("对", True), ("No.", False)):
                yield word, value is read["key"]
        case "pairs":
            for short in (("BN", "LN"), tuple(side["name"] for side in read["side"])):
                right = [", ".join(map(str, side["key"])) for side in read["side"]]
                yield _sides(short, right), True
                yield _sides(short, right[::-1]), False
        case "named":
            names = [read["option"][at - 1]["name"] for at in read["key"]]
            inputs = ("very large or very small inputs", "negative inputs")
            said = "\n".join(f"{n}: for {i}." for n, i in zip(names, inputs, strict=False))
            yield said, True
            yield names[0], False
        case "table":
            rows = [" | ".join(map(str, row)) for row in read["rows"]]
            yield "\n".join(rows), True
            yield "\n".join(row.replace("2", "3") for row in rows), False


def _sides(names: tuple[str, ...], numbers: list[str]) -> str:
    return "\n".join(f"{name}: {number}" for name, number in zip(names, numbers, strict=True))


def wrong_choices(read: Mapping[str, Any]) -> Iterator[list[int]]:
    """Every choice of options that is not the key."""
    options = range(1, read["options"] + 1)
    for count in range(1, len(options) + 1):
        for chosen in combinations(options, count):
            if set(chosen) != set(read["key"]):
                yield list(chosen)
