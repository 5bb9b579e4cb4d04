"""The web page: signing in, who sees which page, and that nothing a student wrote is ever run."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from api.auth import COOKIE
from api.pages import routes as pages

V1 = "/api/v1"
PAGE = {"X-Grader-Page": "1"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"

EVERYBODY = (None, "eve", "grace", "ada", "tim", "ida")
ASSIGNMENT = "/courses/{course}/assignments/{assignment}"
TABLE = {
    "/": "ok ok ok ok ok ok",
    ASSIGNMENT: "in 404 ok ok ok ok",
    "/submissions/{submission}": "in 404 404 ok ok ok",
    f"{ASSIGNMENT}/class": "in 404 403 403 ok ok",
    f"{ASSIGNMENT}/answers": "in 404 403 403 ok ok",
    f"{ASSIGNMENT}/students/{{student}}": "in 404 403 403 ok ok",
    f"{ASSIGNMENT}/regrades/{{regrade}}": "in 404 403 403 ok ok",
}


class Outline(HTMLParser):
    """What tags a page has, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def signed_in(world: Any, login: str | None) -> Any:
    """Somebody's browser: it has a cookie and no bearer token."""
    if login is None:
        return world.anybody
    answer = world.anybody.post(f"{V1}/session", json={"token": world.tokens[login]}, headers=PAGE)
    assert answer.status_code == 204
    key = answer.cookies[COOKIE]

    class Browser:
        def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
            headers = {"Cookie": f"{COOKIE}={key}"} | more.pop("headers", {})
            answer: httpx.Response = world.anybody.ask(method, path, headers=headers, **more)
            return answer

        def get(self, path: str, **more: Any) -> httpx.Response:
            return self.ask("GET", path, **more)

    return Browser()


@pytest.fixture
def places(world: Any, term_module: Any) -> dict[str, str]:
    """Ada's submission, in which everything that can be is a script."""
    handed = term_module.hand_in(
        world.database, world.term, world.term.ada, world.now[0] - timedelta(hours=1)
    )
    words = term_module.item("a2.words", 0.0, 4.0, says=EVIL, answer=EVIL, verdict="awaiting")
    held = {"mistake": "held", "says": EVIL, "ask": EVIL}
    code = term_module.item("a2.one", 0.0, part=EVIL, diagnosis=held)
    term_module.grade(world.database, handed, [words, code])
    ida = world.client("ida")
    ida.ask("PUT", f"{V1}/courses/cs231n/members/ada", json={"name": EVIL, "section": EVIL})
    ida.ask("PATCH", f"{V1}/courses/cs231n", json={"title": EVIL})
    ida.post(f"{V1}/submissions/{handed.public_id}/overrides", json={"score": 1, "reason": EVIL})
    again = ida.post(f"{V1}/courses/cs231n/assignments/a2/regrades", json={"reason": EVIL}).json()
    better = term_module.item("a2.one", 5.0, part=EVIL)
    term_module.grade(world.database, handed, [words, better], "v2", at=world.now[0])
    return {
        "course": "cs231n",
        "assignment": "a2",
        "submission": handed.public_id,
        "student": "ada",
        "regrade": again["id"],
    }


def test_every_page_is_in_the_table() -> None:
    assert {route.path for route in pages.router.routes if hasattr(route, "path")} == set(TABLE)


@pytest.mark.parametrize("path", TABLE)
def test_everybody_tries_it(path: str, world: Any, places: dict[str, str]) -> None:
    got = []
    for login in EVERYBODY:
        answer = signed_in(world, login).get(path.format(**places))
        assert answer.headers.get("content-type", "text/html").startswith("text/html")
        kinds = {200: "ok", 303: "in"}
        got.append(kinds.get(answer.status_code, str(answer.status_code)))
        if answer.status_code != 303:
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert " ".join(got) == TABLE[path]


@pytest.mark.parametrize("path", TABLE)
@pytest.mark.parametrize("login", ["ada", "tim"])
def test_nothing_that_was_written_is_run(
    path: str, login: str, world: Any, places: dict[str, str]
) -> None:
    text = signed_in(world, login).get(path.format(**places)).text
    for tag, attributes in Outline(text).tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "script":
            assert attributes == {"src": "/static/page.js", "type": "module"}
        assert tag not in ("img", "object", "embed")
        if tag == "iframe":
            assert attributes["sandbox"] is None
        for name in ("href", "src", "action"):
            value = attributes.get(name) or "/"
            assert value.startswith("/"), value


def test_a_page_shows_what_was_written(world: Any, places: dict[str, str]) -> None:
    here = "/submissions/{submission}".format(**places)
    text = signed_in(world, "ada").get(here).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "1</b>/9" in text


def test_the_cookie_is_for_the_service_alone(world: Any) -> None:
    answer = world.anybody.post(f"{V1}/session", json={"token": world.tokens["ada"]}, headers=PAGE)
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert world.tokens["ada"].lower() not in told
    assert "secure" not in told  # this one came by http, from this machine


def test_another_site_cannot_act_in_ones_name(world: Any, places: dict[str, str]) -> None:
    browser = signed_in(world, "ida")
    path = f"{V1}/courses/cs231n"
    refused = browser.ask("PATCH", path, json={"title": "Mine"})
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("this was not sent by a page of the service")
    assert browser.ask("PATCH", path, json={"title": "Mine"}, headers=PAGE).status_code == 200
    # Another site's script has to ask first whether it may send that header, and is not told so.
    asked = browser.ask(
        "OPTIONS",
        path,
        headers={
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "x-grader-page",
        },
    )
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control")]
    alone = world.anybody.post(f"{V1}/session", json={"token": world.tokens["ida"]})
    assert alone.status_code == 403


def test_signing_out_ends_the_session_and_not_the_token(world: Any) -> None:
    browser = signed_in(world, "ada")
    assert browser.get(f"{V1}/me").status_code == 200
    assert browser.ask("DELETE", f"{V1}/session", headers=PAGE).status_code == 204
    assert browser.get(f"{V1}/me").status_code == 401
    assert world.client("ada").get(f"{V1}/me").status_code == 200


def test_a_session_ends_by_itself_and_never_after_its_token(world: Any) -> None:
    browser = signed_in(world, "ada")
    world.now[0] += timedelta(hours=13)
    assert browser.get(f"{V1}/me").status_code == 401
    short = world.client("ada").post(f"{V1}/tokens", json={"label": "short", "days": 1}).json()
    world.now[0] += timedelta(hours=20)
    world.tokens["ada"] = short["token"]
    browser = signed_in(world, "ada")
    world.now[0] += timedelta(hours=5)
    assert browser.get(f"{V1}/me").status_code == 401


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        ("/submissions/abc", "/submissions/abc"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_goes_on_to_a_page_of_ours_alone(world: Any, then: str, kept: str) -> None:
    text = world.anybody.get("/", params={"next": then}).text
    (form,) = [attributes for tag, attributes in Outline(text).tags if tag == "form"]
    assert form["data-then"] == kept


def test_the_files_of_the_page_are_there(world: Any) -> None:
    for name, kind in (("page.js", "javascript"), ("style.css", "css"), ("icon.svg", "svg")):
        answer = world.anybody.get(f"/static/{name}")
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("/static/../routes.py", "/static/%2e%2e/routes.py", "/static/nothing"):
        assert world.anybody.get(path).status_code == 404


def test_students_are_not_told_what_staff_alone_see(world: Any, term_module: Any) -> None:
    handed = term_module.hand_in(
        world.database, world.term, world.term.ada, world.now[0] - timedelta(hours=1)
    )
    behind = {"seconds": 0.5, "printed": EVIL, "nearest": [{"mistake": "held", "distance": 0.25}]}
    term_module.grade(world.database, handed, [term_module.item("a2.one", 0.0, backstage=behind)])
    page, report = f"/submissions/{handed.public_id}", f"{V1}/submissions/{handed.public_id}/report"
    assert "What staff alone see" in signed_in(world, "tim").get(page).text
    assert "What staff alone see" not in signed_in(world, "ada").get(page).text
    (told,) = world.client("tim").get(report).json()["submission"]["items"]
    assert told["backstage"] == behind
    (told,) = world.client("ada").get(report).json()["submission"]["items"]
    assert "backstage" not in told


def test_staff_see_what_grading_again_has_changed(world: Any, places: dict[str, str]) -> None:
    tim = signed_in(world, "tim")
    there = f"{ASSIGNMENT}/regrades/{{regrade}}".format(**places)
    assert there in tim.get(f"{ASSIGNMENT}/class".format(**places)).text
    text = tim.get(there).text
    assert "a2.one: failed 0 → passed 5" in text
    assert "a2.words" not in text
