"""Students read in their own language: the one they chose, else the one their browser asks for."""

from datetime import timedelta
from typing import Any

import pytest

from api.auth import COOKIE
from submissions.queries.people import People

V1 = "/api/v1"
OF_A_PAGE = {"X-Grader-Page": "1"}
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
ASSIGNMENT = "/courses/cs231n/assignments/a2"


def chosen(world: Any, login: str) -> str:
    answer = world.client(login).get(f"{V1}/me")
    assert answer.status_code == 200
    language: str = answer.json()["language"]
    return language


def sign_in(world: Any, login: str, headers: dict[str, str]) -> str:
    answer = world.anybody.post(
        f"{V1}/session", json={"token": world.tokens[login]}, headers=OF_A_PAGE | headers
    )
    assert answer.status_code == 204
    key: str = answer.cookies[COOKIE]
    return key


def test_somebody_chooses_a_language_and_takes_it_back(world: Any) -> None:
    ada = world.client("ada")
    assert chosen(world, "ada") == ""
    assert ada.ask("PATCH", f"{V1}/me", json={"language": "zh"}).json()["language"] == "zh"
    assert chosen(world, "ada") == "zh"
    assert chosen(world, "grace") == ""
    ada.ask("PATCH", f"{V1}/me", json={"language": ""})
    assert chosen(world, "ada") == ""


def test_a_language_that_nobody_wrote(world: Any) -> None:
    answer = world.client("ada").ask("PATCH", f"{V1}/me", json={"language": "tlh"})
    assert answer.status_code == 422
    assert chosen(world, "ada") == ""


def test_the_browser_is_asked_once_when_somebody_signs_in(world: Any) -> None:
    sign_in(world, "ada", CHINESE)
    assert chosen(world, "ada") == "zh"
    sign_in(world, "ada", {"Accept-Language": "en"})
    assert chosen(world, "ada") == "zh"


@pytest.mark.parametrize(
    ("headers", "language", "says"),
    [({}, "en", "What you have handed in"), (CHINESE, "zh-Hans", "你已提交的")],
)
def test_pages_speak_as_their_reader(
    world: Any, headers: dict[str, str], language: str, says: str
) -> None:
    cookie = {"Cookie": f"{COOKIE}={sign_in(world, 'ada', headers)}"}
    text = world.anybody.get(ASSIGNMENT, headers=cookie).text
    assert f'<html lang="{language}">' in text
    assert says in text
    assert "Attempts left" not in text or language == "en"


def test_whoever_is_not_signed_in_is_greeted_in_the_browsers_language(world: Any) -> None:
    assert "登录" in world.anybody.get("/", headers=CHINESE).text
    assert "Sign in" in world.anybody.get("/").text


def test_what_is_refused_is_refused_in_the_browsers_language(world: Any) -> None:
    answer = world.client("ada").post(
        f"{V1}{ASSIGNMENT}/submissions",
        files={"file": ("report.pdf", b"%PDF-1.7")},
        headers=CHINESE,
    )
    assert answer.status_code == 422
    assert answer.json()["detail"] == "report.pdf 是一个 PDF；请提交 notebook（.ipynb）或课程的 zip"


@pytest.mark.parametrize(
    ("chosen", "asked", "shown"),
    [("zh", {}, "报告"), ("en", CHINESE, "report"), ("", CHINESE, "报告"), ("", {}, "report")],
)
def test_a_report_is_shown_in_the_language_that_its_reader_has_by_now(
    world: Any, term_module: Any, chosen: str, asked: dict[str, str], shown: str
) -> None:
    handed = term_module.hand_in(
        world.database, world.term, world.term.ada, world.now[0] - timedelta(hours=1)
    )
    term_module.grade(world.database, handed, [term_module.item("a2.one", 1.0)])
    with world.database.session() as session:
        People(session).choose_language(world.term.ada.id, chosen)
    page = world.client("ada").get(
        f"{V1}/submissions/{handed.public_id}/report.html", headers=asked
    )
    assert page.status_code == 200
    assert f'<p class="eyebrow">a2 · {shown}</p>' in page.text
