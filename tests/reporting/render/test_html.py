import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest

from reporting.clue import Clue, Picture
from reporting.render.html import PAGES, file_names, submission_page, write_class
from reporting.render.wording import WORDING
from reporting.report import ClassReport

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """A page's tags, attributes and text; fails when a tag is closed that was not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def written(report: ClassReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("html") / "new" / "folder"
    write_class(report, directory)
    return directory


@pytest.fixture(scope="module")
def index(written: Path) -> Page:
    return Page((written / "index.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def pages(written: Path) -> dict[str, Page]:
    return {p.name: Page(p.read_text("utf-8")) for p in (written / PAGES).iterdir()}


def test_the_index_links_to_every_page(
    index: Page, pages: dict[str, Page], report: ClassReport
) -> None:
    assert len(pages) == len(report.submissions)
    assert set(index.attributes("href")) == {f"{PAGES}/{name}" for name in pages}


def test_pages_load_nothing_and_run_nothing(written: Path, pages: dict[str, Page]) -> None:
    for path in written.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"https?:|//[a-z]|@import|url\(|javascript:", text)
    for page in pages.values():
        tags = {tag for tag, _ in page.tags}
        assert not tags & {"script", "img", "link", "iframe", "object", "form", "button"}
        assert all(href.startswith("#") for href in page.attributes("href"))
        assert "default-src 'none'" in page.attributes("content")[0]
        assert "script-src" not in page.attributes("content")[0]


def test_the_policy_allows_the_index_its_own_script(written: Path) -> None:
    text = (written / "index.html").read_text("utf-8")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert text.count("<script") == 1


def test_anchors_lead_somewhere_and_are_unique(pages: dict[str, Page]) -> None:
    for page in pages.values():
        anchors = page.attributes("id")
        assert len(set(anchors)) == len(anchors)
        assert {href[1:] for href in page.attributes("href")} <= set(anchors)


def test_markup_and_control_characters_are_shown_and_not_obeyed(
    report: ClassReport, tmp_path: Path
) -> None:
    evil = "</title></style><script>x</script>\"'><img onerror=x>{{ 7 * 7 }}\x1b\u202e\x00\udc80"
    item = replace(
        report.submissions[1].items[2],
        facts=(evil,),
        recipe=f"{evil}\n\tend",
        clues=(Clue("places", (evil,), evil, evil),),
        picture=Picture(evil, (evil, evil), ("01", "30")),
    )
    hostile = replace(report.submissions[1], name=evil, reason=evil, notes=(evil,), items=(item,))
    rejected = replace(hostile, status="rejected")
    write_class(replace(report, submissions=(hostile, rejected)), tmp_path)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text("utf-8")
        page = Page(text)
        assert {"img"}.isdisjoint(tag for tag, _ in page.tags)
        assert text.count("<script") == (path.name == "index.html")
        assert not {"\x1b", "\u202e", "\x00"} & set(text)
        assert "{{ 7 * 7 }}\\x1b\\u202e\\x00\\udc80" in page.text
    for path in (tmp_path / PAGES).iterdir():
        assert "\\udc80\n\tend" in Page(path.read_text("utf-8")).text


def test_clues_picture_and_snippet_are_shown(pages: dict[str, Page]) -> None:
    (page, *_) = [p for p in pages.values() if "with N = 11 and 5" in p.text]
    assert (
        "Over which axes is the formula's sum or mean taken, and over which is yours?" in page.text
    )
    assert "and only there <i>" in page.text
    assert "where dx is off: N runs down, D across" in page.text
    drawn = [attrs for tag, attrs in page.tags if tag == "rect"]
    assert [(a["x"], a["y"], a["width"], a["class"]) for a in drawn[:3]] == [
        ("1", "1", "1", "off1"),
        ("2", "1", "1", "off2"),
        ("1", "2", "2", "off3"),
    ]
    assert "import numpy as np\nfrom cs231n.layers import *" in page.text


@pytest.mark.parametrize("verdict", WORDING)
def test_every_verdict_says_its_name(verdict: str, report: ClassReport, tmp_path: Path) -> None:
    items = tuple(i for i in report.submissions[1].items if i.verdict == verdict)
    assert items
    write_class(
        replace(report, submissions=(replace(report.submissions[1], items=items),)), tmp_path
    )
    (path,) = (tmp_path / PAGES).iterdir()
    page = Page(path.read_text("utf-8"))
    shown = WORDING[verdict]
    details = [attrs for tag, attrs in page.tags if tag == "details" and "id" in attrs]
    assert [attrs["id"] for attrs in details] == [item.id for item in items]
    assert all(("open" in attrs) == shown.is_wrong for attrs in details)
    assert f"{len(items)} {shown.label}" in page.text
    assert shown.mark in page.text
    assert all(fact in page.text for item in items for fact in item.facts)
    assert all(item.answer in page.text for item in items)


def test_what_costs_most_comes_first_among_the_recognised(pages: dict[str, Page]) -> None:
    (page,) = (p for name, p in pages.items() if name.startswith("emilie"))
    text = page.text[page.text.index("What to fix first") :]
    assert text.index("layernorm_forward normalises") < text.index("softmax_loss returns")
    assert "Which term of dx says so?" in text


def test_a_page_names_its_reason_seed_and_suite(pages: dict[str, Page]) -> None:
    (rejected,) = (p for name, p in pages.items() if name.startswith("txt-evil"))
    assert "This was not graded." in rejected.text
    assert "it looks like a1: knn.ipynb, svm.ipynb" in rejected.text
    (grace,) = (p for name, p in pages.items() if name.startswith("grace-hopper"))
    assert "a2-2024.1+5f0c" in grace.text
    assert "grader run --assignment a2 --seed 231 PATH" in grace.text
    (faulted,) = (p for name, p in pages.items() if name.startswith("alan-turing"))
    assert "Something of ours broke, not your code." in faulted.text


def test_a_student_reads_of_nobody_else(pages: dict[str, Page]) -> None:
    (grace,) = (p for name, p in pages.items() if name.startswith("grace-hopper"))
    assert "Émilie" not in grace.text


def test_equal_gradings_are_equal_pages_however_long_they_took(
    report: ClassReport, written: Path, tmp_path: Path
) -> None:
    write_class(report, tmp_path / "again")
    slower = tuple(replace(s, seconds=s.seconds + 1) for s in report.submissions)
    write_class(replace(report, submissions=slower), tmp_path / "slower")
    index = (written / "index.html").read_bytes()
    assert (tmp_path / "again" / "index.html").read_bytes() == index
    for path in (written / PAGES).iterdir():
        for other in ("again", "slower"):
            assert (tmp_path / other / PAGES / path.name).read_bytes() == path.read_bytes()


def test_an_empty_class_has_an_index(report: ClassReport, tmp_path: Path) -> None:
    write_class(replace(report, submissions=()), tmp_path)
    assert "0 submissions" in Page((tmp_path / "index.html").read_text("utf-8")).text


def test_file_names_are_plain_unique_and_stable() -> None:
    names = [
        "../../etc/passwd",
        "CON",
        "",
        "李明",
        "علي",
        "a/b",
        "a_b",
        "A b",
        "x" * 5000,
        "\udc80",
    ]
    names += ["same", "same", "a\x00b", "index.html", "."]
    found = file_names(names)
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,49}\.html", name) for name in found)
    assert all("-" in name for name in found)
    assert file_names(["same"])[0] in found
    assert file_names(list(reversed(names)))[-1] == found[0]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_is_readable_in_light_and_dark(scheme: int) -> None:
    style = (
        resources.files("reporting.render").joinpath("templates", "style.css").read_text("utf-8")
    )
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[scheme]))
    for text in ("ink", "quiet", "link", "good", "part", "bad", "open"):
        for ground in ("paper", "card", "code"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["ask"], colours["ask-paper"]) >= 4.5


def test_who_asks_for_no_pages_does_not_wait_for_jinja() -> None:
    loaded = "import sys, reporting.render.html; print('jinja2' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert out.stdout == "False\n"


def test_a_bonus_is_told_apart(report: ClassReport) -> None:
    first = report.submissions[0]
    last = first.items[-1]
    items = (*first.items, replace(last, id="a2.more", question="Extra credit", bonus=True))
    richer = replace(first, score=first.score + last.points, items=items)
    text = " ".join(Page(submission_page(report, richer)).text.split())
    assert "49.7 of 47.7 points, 2 of it bonus" in text
    assert text.count("ConvolutionalNetworks (bonus)") == 2
    assert "bonus" not in Page(submission_page(report, first)).text
