"""One item's verdict: own code first, then as if the earlier parts were right, and whose fault it is."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from grader.checks.evidence.reading import listed
from grader.checks.outcome import Given, Run
from grader.checks.paper import Paper
from grader.checks.suite import Item
from grader.checks.verdict import (
    CORE_SHARE,
    Blocked,
    Crashed,
    Failed,
    GraderFault,
    OutOfMemory,
    Partial,
    Passed,
    TimedOut,
    Unanswered,
    Verdict,
    fraction,
)
from grader.sandbox.errors import SandboxUnavailable
from grader.session import Session
from grader.tree import Tree

log = logging.getLogger(__name__)

TRIES = 2
"""How often an item is tried when something of ours breaks."""

AS_IF_RIGHT = "graded as if the earlier parts that it calls were right"


def judge(
    item: Item, tree: Tree, session: Session, paper: Paper, earlier: Mapping[str, Verdict]
) -> Verdict:
    """The verdict on one item; an error of ours becomes a `GraderFault`."""
    verdict = guarded(
        item, lambda: _judge(item, tree, session, paper, earlier), after_a_fault=session.end_guest
    )
    return _within_the_rules(verdict, tree.breaches.get(item.id))


def _within_the_rules(verdict: Verdict, breach: str | None) -> Verdict:
    """A right function that has in it what it is to do without keeps its core alone."""
    match verdict:
        case Passed() if breach:
            return Partial(CORE_SHARE, (breach,))
        case Partial(share, facts, diagnosis) if breach:
            return Partial(share, (*facts, breach), diagnosis)
        case _:
            return verdict


def guarded(
    item: Item, attempt_it: Callable[[], Verdict], after_a_fault: Callable[[], None]
) -> Verdict:
    """A verdict, tried again when something of ours breaks, and then a `GraderFault`."""
    fault = ""
    for attempt in range(1, TRIES + 1):
        try:
            return attempt_it()
        except SandboxUnavailable as error:
            fault = str(error)
        except Exception:
            log.exception("item %s, attempt %d", item.id, attempt)
            fault = "an error of the grader's own; its log says more"
        after_a_fault()
    return GraderFault((fault,))


def _judge(
    item: Item, tree: Tree, session: Session, paper: Paper, earlier: Mapping[str, Verdict]
) -> Verdict:
    module = item.answers.partition(":")[0]
    if module in tree.broken:
        return Crashed((tree.broken[module],))
    is_all = item.answers not in tree.shared
    if is_all and item.answers in tree.untouched:
        verdict = item.judge(session.run, paper)
        return verdict if fraction(verdict) == 1 else Unanswered()
    if spent := [by for by in item.after if isinstance(earlier.get(by), TimedOut | OutOfMemory)]:
        return Blocked(spent[0], (f"it builds on {spent[0]}, which does not come back",))
    verdict = _as_written(item, session, paper, earlier)
    if isinstance(verdict, TimedOut | OutOfMemory):
        session.exhausting.add(item.answers)
    earns_nothing = isinstance(verdict, Unanswered | Crashed | Failed)
    if earns_nothing and item.answers in tree.untouched:
        return Unanswered()
    if earns_nothing and item.id in tree.left_out:
        return Unanswered((f"nothing calls {' or '.join(item.calls)}",))
    if isinstance(verdict, Unanswered | Crashed) and (other := tree.elsewhere.get(item.answers)):
        verdict = replace(verdict, facts=(*verdict.facts, other))
    if isinstance(verdict, Failed | Partial | Crashed):
        session.astray[item.answers] = item.id
    was_written = is_all and item.answers not in tree.unwritten
    if isinstance(verdict, Unanswered) and not verdict.absent and was_written:
        verdict = Failed(verdict.facts)  # something was written, and nothing is given back
    if isinstance(verdict, Crashed | Failed) and (by := _in_the_way(item, earlier)):
        return Blocked(by, (f"it builds on {by}, which does not run yet", *verdict.facts))
    return verdict


def _as_written(
    item: Item, session: Session, paper: Paper, earlier: Mapping[str, Verdict]
) -> Verdict:
    """In the item's own words, and in its dialects where that earns nothing."""
    verdict = _own_or_as_if(item, session, paper, earlier)
    for dialect in item.dialects:
        if not isinstance(verdict, Crashed | Failed):
            break
        other = _own_or_as_if(item, session, paper, earlier, dialect.speaking)
        if _kinder(verdict, other) is other:
            verdict = replace(other, facts=(*other.facts, dialect.says))
    return verdict


def _own_or_as_if(
    item: Item,
    session: Session,
    paper: Paper,
    earlier: Mapping[str, Verdict],
    speaking: Callable[[Run], Run] = lambda run: run,
) -> Verdict:
    """With the student's own earlier parts; if that is not all right, as if they were right."""
    right = all(fraction(earlier[by]) == 1 for by in item.after if by in earlier)
    called = {f"{given.module}:{name}" for given in item.given for name in given.functions}
    if called & session.exhausting:
        # One endless function must not cost its time again in everything that calls it.
        given = speaking(session.given(item.given))
        return told_as_if(item.judge(given, paper, forward_is_right=right))
    verdict = item.judge(speaking(session.run), paper, forward_is_right=right)
    if fraction(verdict) == 1 or not item.given:
        return verdict
    if called <= item.builds_on and all(_is_right_itself(earlier.get(by)) for by in item.after):
        return verdict  # all that could be given is right already: what is off is off here
    as_if = item.judge(speaking(session.given(item.given)), paper, forward_is_right=right)
    kinder = _kinder(verdict, told_as_if(as_if))
    if kinder is not verdict and isinstance(kinder, Passed | Partial):
        origin = _origin(item, session, lambda run: item.judge(speaking(run), paper), as_if)
        return replace(kinder, facts=kinder.facts + origin)
    return kinder


def _origin(
    item: Item, session: Session, judged: Callable[[Run], Verdict], as_if: Verdict
) -> tuple[str, ...]:
    """Which of the earlier functions are to blame, if giving those that are wrong makes it right."""
    wrong = [
        replace(
            one,
            functions={n: f for n, f in one.functions.items() if _answer(one, n) in session.astray},
        )
        for one in item.given
    ]
    named = {n: session.astray[_answer(one, n)] for one in wrong for n in one.functions}
    if not named:
        return ()
    if fraction(judged(session.given(wrong))) < fraction(as_if):
        return ()
    first = next(iter(named))
    if len(named) == 1:
        return (f"the first wrong number comes from {first}, see {named[first]}",)
    return (f"the wrong numbers come from {listed(list(named))}; begin with {named[first]}",)


def _answer(given: Given, name: str) -> str:
    return f"{given.module}:{name}"


def _kinder(own: Verdict, as_if: Verdict) -> Verdict:
    """The better of two verdicts; the second one was reached as if an earlier part were right."""
    if fraction(as_if) > fraction(own):
        return as_if
    if isinstance(as_if, Failed) and isinstance(own, Crashed | Unanswered | TimedOut | OutOfMemory):
        return as_if
    if isinstance(as_if, Failed) and as_if.diagnosis and not _diagnosed(own):
        return as_if
    return own


def told_as_if(verdict: Verdict) -> Verdict:
    """What was reached as if the earlier parts were right; it says so where it earned something."""
    if isinstance(verdict, Passed | Partial):
        return replace(verdict, facts=(*verdict.facts, AS_IF_RIGHT))
    return verdict


def _is_right_itself(verdict: Verdict | None) -> bool:
    return isinstance(verdict, Passed) and AS_IF_RIGHT not in verdict.facts


def _diagnosed(verdict: Verdict) -> bool:
    return isinstance(verdict, Failed | Partial) and verdict.diagnosis is not None


def _in_the_way(item: Item, earlier: Mapping[str, Verdict]) -> str | None:
    broken = (Unanswered, Blocked, Crashed, TimedOut, OutOfMemory)
    return next((by for by in item.after if isinstance(earlier.get(by), broken)), None)
