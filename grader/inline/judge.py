"""The verdict on an answer in words: read by machine, waiting for a person, or not answered."""

from collections.abc import Mapping

from grader.checks.verdict import Awaiting, Failed, Partial, Passed, Unanswered, Verdict
from grader.inline.found import Answer
from grader.inline.question import Question
from grader.inline.reading import Reading, reader_of

WAITS = "a person reads this answer"
NOT_ASKED = "the question is in no notebook that was handed in"
EMPTY = "nothing is written where the answer goes"
NO_PICTURE = "there is no picture in the output beside the question"


def judge(question: Question, found: Mapping[str, Answer]) -> Verdict:
    """The verdict on the answer to a question."""
    answer = found.get(question.id)
    if answer is None:
        return Unanswered((NOT_ASKED,), absent=True)
    kind = question.read.get("kind")
    if kind == "picture" and not answer.pictured:
        # Words about a picture that is not there are left to whoever wants to read them.
        return Awaiting((NO_PICTURE, WAITS)) if answer.said.answered else Unanswered((NO_PICTURE,))
    if kind != "picture" and not answer.said.answered:
        return Unanswered((EMPTY,))
    reading = reader_of(kind)(question.read, answer) if kind else None
    return Awaiting((WAITS,)) if reading is None else _verdict(reading)


def _verdict(reading: Reading) -> Verdict:
    if reading.share >= 1:
        return Passed(reading.facts)
    if reading.share > 0:
        return Partial(reading.share, reading.facts)
    return Failed(reading.facts)


def text_of(question: Question, found: Mapping[str, Answer]) -> str:
    """The answer's own words, as the report keeps them."""
    answer = found.get(question.id)
    return answer.said.answer if answer is not None else ""
