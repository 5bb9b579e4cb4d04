import io
from dataclasses import replace

import pytest
from rich.console import Console

from reporting.render.terminal import class_table, submission_text
from reporting.render.wording import WORDING
from reporting.report import ClassReport, SubmissionReport
from words.languages import catalogue


def printed(show: object, report: object, width: int = 80, *, colour: bool = False) -> str:
    assert callable(show)
    out = io.StringIO()
    show(report, Console(file=out, width=width, force_terminal=colour))
    return out.getvalue()


def test_the_table_names_everybody_and_says_why_somebody_has_no_score(report: ClassReport) -> None:
    text = printed(class_table, report, 140)
    for plain in ("Grace Hopper", "Émilie du Châtelet", "李明", "<script>alert(1)</script>"):
        assert plain in text
    assert "[bold red]not markup[/] :smile:" in text
    assert "10 graded: median 28.15, mean 28.7 of 47.7" in text
    assert "faulted Alan Turing: the sandbox did not start" in text
    assert "it looks like a1: knn.ipynb, svm.ipynb" in text


def test_the_table_fits_eighty_columns(report: ClassReport) -> None:
    lines = printed(class_table, report).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any("47.7" in line and "graded" in line for line in lines)


def test_an_empty_class_is_a_table_without_rows(report: ClassReport) -> None:
    text = printed(class_table, replace(report, submissions=()))
    assert "submission" in text
    assert "median" not in text


@pytest.mark.parametrize("show", [class_table, "each"])
def test_nothing_a_student_wrote_reaches_the_terminal_raw(
    show: object, report: ClassReport
) -> None:
    evil = "\x1b]0;owned\x07\u202e\r\n[bold]"
    item = report.submissions[0].items[0]
    hostile = replace(
        report.submissions[0],
        name=evil,
        reason=evil,
        notes=(evil,),
        items=(replace(item, facts=(evil,), says=evil),),
    )
    rejected = replace(hostile, status="rejected")
    if show == "each":
        text = printed(submission_text, hostile, 200) + printed(submission_text, rejected, 200)
    else:
        text = printed(show, replace(report, submissions=(hostile, rejected)), 200)
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(text)
    assert "\\x1b]0;owned\\x07\\u202e\\r\\n[bold]" in text


@pytest.mark.parametrize("verdict", WORDING)
def test_every_verdict_is_shown_with_its_mark(verdict: str, report: ClassReport) -> None:
    item = replace(report.submissions[1].items[0], verdict=verdict, points=0.0)
    text = printed(submission_text, replace(report.submissions[1], items=(item,)))
    assert f"{WORDING[verdict].mark} 0/0.4 {item.says}" in text
    assert WORDING[verdict].remark in text


def test_a_failed_item_reads_fact_diagnosis_question(report: ClassReport) -> None:
    lines = printed(submission_text, report.submissions[1], 160).splitlines()
    at = next(i for i, line in enumerate(lines) if "layernorm_forward normalises" in line)
    assert [line.rstrip() for line in lines[at : at + 5]] == [
        "✗ 0/3   layernorm_forward normalises each example",
        "          dx is off: relative error 1e+00 at [0, 1], limit 1e-06;"
        " got -0.2184417, 0.8813062 was expected",
        "          right: dgamma, dbeta",
        "          these are, digit for digit, the numbers one gets when"
        " no gradient flows through the variance",
        "          ? Moving one x also moves the variance of its column. Which term of dx says so?",
    ]


def test_colour_is_for_terminals_alone(
    report: ClassReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in printed(submission_text, report.submissions[0], colour=True)
    assert "\x1b[" not in printed(submission_text, report.submissions[0])


def test_a_stream_that_only_knows_ascii_is_no_crash(report: ClassReport) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="replace")
    console = Console(file=stream, width=80)
    class_table(report, console)
    submission_text(report.submissions[1], console)
    stream.flush()
    assert b"layernorm_forward normalises" in raw.getvalue()


def test_a_bonus_is_told_apart(report: ClassReport) -> None:
    first = report.submissions[0]
    last = first.items[-1]
    items = (*first.items, replace(last, id="a2.more", question="Extra credit", bonus=True))
    text = printed(submission_text, replace(first, score=first.score + last.points, items=items))
    assert "Grace Hopper   49.7/47.7, 2 of it bonus" in text
    assert "Extra credit · ConvolutionalNetworks   2/2, a bonus" in text
    assert "bonus" not in printed(submission_text, first)


def test_clues_and_the_picture_are_printed(report: ClassReport) -> None:
    (known, *_) = [s for s in report.submissions if any(item.clues for item in s.items)]
    text = " ".join(printed(submission_text, known).split())
    assert "dx is exactly 1/N times what it should be, with N = 11 and 5" in text
    assert "? Over which axes is the formula's sum or mean taken, and over which is yours?" in text
    assert "where dx is off: N runs down, D across: ····/·░▒·/·██·" in text


def test_what_is_wrong_says_where_it_is_taught(report: ClassReport) -> None:
    text = printed(submission_text, report.submissions[2], 120)
    assert "To read: CS231n notes, “Linear Classification”" in text


def test_staff_see_more_than_students(report: ClassReport) -> None:
    def to_staff(one: object, console: Console) -> None:
        assert isinstance(one, SubmissionReport)
        submission_text(one, console, staff=True)

    mine, theirs = (
        printed(show, report.submissions[2], 120) for show in (to_staff, submission_text)
    )
    for behind in ("1.25 s", "≈ forgets_eps: 0.0213 away", "| loss: 2.3"):
        assert behind in mine
        assert behind not in theirs


def test_a_report_in_chinese(report: ClassReport) -> None:
    chinese = catalogue("zh")

    def said(one: object, console: Console) -> None:
        if isinstance(one, ClassReport):
            class_table(one, console, chinese)
        elif isinstance(one, SubmissionReport):
            submission_text(one, console, chinese)

    assert "10 份已评分：中位数 28.15，平均 28.7，满分 47.7" in printed(said, report, 140)
    assert "可以读： CS231n notes" in printed(said, report.submissions[2], 120)
