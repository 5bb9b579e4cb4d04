"""Who may do what: every route of the document, tried by everybody, against one table.

A route that is not in the table fails the test: whoever adds one says here who may use it.
"""

from datetime import timedelta
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from submissions.queries.regrades import Regrades

EVERYBODY = (None, "eve", "oscar", "grace", "ada", "tim", "ida")
"""Nobody; a student and an instructor of another course; a student; the owner; a TA; an instructor."""

OPEN = "ok ok ok ok ok ok ok"
KNOWN = "401 ok ok ok ok ok ok"
MEMBER = "401 404 404 ok ok ok ok"
STAFF = "401 404 404 403 403 ok ok"
INSTRUCTOR = "401 404 404 403 403 403 ok"
OWN = "401 404 404 404 ok ok ok"
OWN_STAFF = "401 404 404 404 403 ok ok"
MINE = "401 404 404 404 ok 404 404"
TEACHING = "401 403 ok 403 403 403 ok"

V1 = "/api/v1"
COURSE = f"{V1}/courses/{{course}}"
ASSIGNMENT = f"{COURSE}/assignments/{{assignment}}"
SUBMISSION = f"{V1}/submissions/{{submission}}"

PAGE = {"X-Grader-Page": "1"}
REASON = {"reason": "asked for"}
RULES = {"opens_at": "2027-04-01T00:00:00Z", "deadline": "2027-05-01T00:00:00Z"}
FILES = {"file": ("Dropout.ipynb", b'{"cells": []}')}
READING = {"digest": "{digest}", "points": 1}

TABLE: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("GET", "/healthz"): (OPEN, {}),
    ("GET", "/readyz"): (OPEN, {}),
    ("GET", "/metrics"): (OPEN, {}),
    ("GET", f"{V1}/me"): (KNOWN, {}),
    ("PATCH", f"{V1}/me"): (KNOWN, {"json": {"language": "zh"}}),
    ("GET", f"{V1}/tokens"): (KNOWN, {}),
    ("POST", f"{V1}/tokens"): (KNOWN, {"json": {"label": "mine"}}),
    ("DELETE", f"{V1}/tokens/{{token}}"): (MINE, {}),
    # Whoever shows a good token in the body is signed in as its owner.
    ("POST", f"{V1}/session"): (OPEN, {"json": {"token": "{key}"}, "headers": PAGE}),
    ("DELETE", f"{V1}/session"): (KNOWN, {}),
    ("GET", f"{V1}/courses"): (KNOWN, {}),
    ("POST", f"{V1}/courses"): (TEACHING, {"json": {"course": "cs231n-2028"}}),
    ("GET", COURSE): (MEMBER, {}),
    ("PATCH", COURSE): (INSTRUCTOR, {"json": {"late_day_budget": 1}}),
    ("GET", f"{COURSE}/members"): (STAFF, {}),
    ("PUT", f"{COURSE}/members/{{login}}"): (INSTRUCTOR, {"json": {"role": "ta"}}),
    ("DELETE", f"{COURSE}/members/{{login}}"): (INSTRUCTOR, {}),
    ("POST", f"{COURSE}/roster"): (INSTRUCTOR, {"content": "login\nnew\n"}),
    ("POST", f"{COURSE}/tokens"): (INSTRUCTOR, {"json": {}}),
    ("GET", f"{COURSE}/audit"): (STAFF, {}),
    ("GET", f"{COURSE}/notices"): (STAFF, {}),
    ("GET", f"{COURSE}/gradebook.csv"): (STAFF, {}),
    ("GET", f"{COURSE}/assignments"): (MEMBER, {}),
    ("POST", f"{COURSE}/assignments"): (INSTRUCTOR, {"json": {"assignment": "a3"} | RULES}),
    ("GET", ASSIGNMENT): (MEMBER, {}),
    ("PATCH", ASSIGNMENT): (INSTRUCTOR, {"json": {"late_days": 1}}),
    ("GET", f"{ASSIGNMENT}/extensions"): (STAFF, {}),
    ("POST", f"{ASSIGNMENT}/extensions"): (INSTRUCTOR, {"json": {"student": "ada"} | REASON}),
    ("POST", f"{ASSIGNMENT}/submissions"): (MEMBER, {"files": FILES}),
    ("GET", f"{ASSIGNMENT}/submissions"): (MEMBER, {}),
    ("GET", f"{ASSIGNMENT}/students/{{student}}/submissions"): (STAFF, {}),
    ("GET", f"{ASSIGNMENT}/standing"): (MINE, {}),
    ("GET", f"{ASSIGNMENT}/table"): (STAFF, {}),
    ("GET", f"{ASSIGNMENT}/statistics"): (STAFF, {}),
    ("GET", f"{ASSIGNMENT}/answers"): (STAFF, {}),
    ("GET", f"{ASSIGNMENT}/regrades"): (STAFF, {}),
    ("POST", f"{ASSIGNMENT}/regrades"): (STAFF, {"json": REASON}),
    ("GET", f"{ASSIGNMENT}/regrades/{{regrade}}"): (STAFF, {}),
    ("GET", SUBMISSION): (OWN, {}),
    ("GET", f"{SUBMISSION}/gradings"): (OWN, {}),
    ("GET", f"{SUBMISSION}/report"): (OWN, {}),
    ("GET", f"{SUBMISSION}/report.html"): (OWN, {}),
    ("GET", f"{SUBMISSION}/events"): (OWN, {}),
    ("GET", f"{SUBMISSION}/answers"): (OWN, {}),
    ("GET", f"{SUBMISSION}/overrides"): (OWN, {}),
    ("POST", f"{SUBMISSION}/choice"): (OWN, {}),
    ("POST", f"{SUBMISSION}/regrade"): (OWN_STAFF, {"json": REASON}),
    ("POST", f"{SUBMISSION}/overrides"): (OWN_STAFF, {"json": {"score": 1} | REASON}),
    ("POST", f"{SUBMISSION}/answers/{{item}}/readings"): (OWN_STAFF, {"json": READING}),
}


@pytest.fixture
def places(world: Any, term_module: Any) -> dict[str, str]:
    """What stands in the addresses: Ada's things, graded and answered."""
    from submissions.policy import Counts
    from submissions.queries.coursework import Coursework
    from submissions.queries.people import People
    from submissions.readings import answer_digest
    from submissions.roles import Role

    with world.database.session() as session:
        row = Coursework(session).assignment("cs231n", "a2")
        row.counts = Counts.CHOSEN
    handed = term_module.hand_in(
        world.database, world.term, world.term.ada, world.now[0] - timedelta(hours=1)
    )
    words = term_module.item("a2.words", 0.0, 4.0, answer="noisy", verdict="awaiting")
    with world.database.session() as session:
        begun, _ = Regrades(session).begin(
            world.term.assignment, world.term.grace.id, "again", world.now[0]
        )
        token, _ = People(session).issue_token(
            People(session).person("ada"),
            Role.STUDENT,
            "another",
            world.now[0],
            lifetime=timedelta(days=1),
        )
    term_module.grade(world.database, handed, [words])
    return {
        "course": "cs231n",
        "assignment": "a2",
        "submission": handed.public_id,
        "student": "ada",
        "login": "grace",
        "item": "a2.words",
        "regrade": begun.public_id,
        "token": str(token.id),
        "digest": answer_digest("noisy"),
        "key": world.tokens["ada"],
    }


def test_every_route_is_in_the_table() -> None:
    document = create_app(Settings(embedded_workers=0)).openapi()
    routes = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert routes == set(TABLE)


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
def test_everybody_tries_it(route: tuple[str, str], world: Any, places: dict[str, str]) -> None:
    method, path = route
    expected, request = TABLE[route]
    if isinstance(request.get("json"), dict):
        body = {
            k: v.format(**places) if isinstance(v, str) else v for k, v in request["json"].items()
        }
        request = request | {"json": body}
    got, statuses = [], []
    for login in EVERYBODY:
        answer = world.client(login).ask(method, path.format(**places), **request)
        statuses.append(answer.status_code)
        # What was done already, by somebody who may, is a conflict: it was allowed.
        allowed = answer.is_success or answer.status_code == 409
        got.append("ok" if allowed else str(answer.status_code))
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
    assert " ".join(got) == expected, statuses
    assert any(200 <= status < 300 for status in statuses)


@pytest.mark.parametrize("route", [r for r in TABLE if "{submission}" in r[1]], ids=" ".join)
def test_what_one_may_not_see_is_as_what_is_not_there(
    route: tuple[str, str], world: Any, places: dict[str, str]
) -> None:
    method, path = route
    request = TABLE[route][1]
    grace = world.client("grace")
    hidden = grace.ask(method, path.format(**places), **request)
    absent = grace.ask(method, path.format(**places | {"submission": "A" * 22}), **request)
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)


@pytest.mark.parametrize("path", [COURSE, f"{COURSE}/members", ASSIGNMENT])
def test_a_course_that_one_is_not_in_is_as_one_that_is_not_there(
    path: str, world: Any, places: dict[str, str]
) -> None:
    eve = world.client("eve")
    answers = [eve.get(path.format(**places | {"course": name})) for name in ("cs231n", "cs404")]
    texts = [answer.text.replace("cs404", "cs231n") for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert texts[0] == texts[1]


def test_a_token_is_not_more_than_its_scope(world: Any, places: dict[str, str]) -> None:
    made = world.client("ida").post(f"{V1}/tokens", json={"label": "weak", "scope": "student"})
    weak = world.anybody.as_(made.json()["token"])
    assert weak.get(f"{COURSE}/audit".format(**places)).status_code == 403
    stronger = weak.post(f"{V1}/tokens", json={"label": "strong", "scope": "instructor"})
    assert stronger.json()["scope"] == "student"
    assert weak.post(f"{V1}/courses", json={"course": "mine"}).status_code == 403


def test_a_token_that_an_instructor_makes_opens_their_course_alone(
    world: Any, places: dict[str, str]
) -> None:
    # Oscar brings Ida, who teaches another course, into his own, and makes a token for her.
    oscar = world.client("oscar")
    assert oscar.ask("PUT", f"{V1}/courses/cs999/members/ida", json={}).status_code == 200
    (made,) = oscar.post(f"{V1}/courses/cs999/tokens", json={"logins": ["ida"]}).json()
    stolen = world.anybody.as_(made["token"])
    assert [each["course"] for each in stolen.get(f"{V1}/courses").json()] == ["cs999"]
    assert [each["course"] for each in stolen.get(f"{V1}/me").json()["courses"]] == ["cs999"]
    assert stolen.get(f"{V1}/courses/cs231n").status_code == 404
    assert stolen.get(SUBMISSION.format(**places)).status_code == 404
    again = stolen.post(f"{V1}/tokens", json={"label": "free", "scope": "instructor"}).json()
    assert (again["course"], again["scope"]) == ("cs999", "student")
    assert world.anybody.as_(again["token"]).get(f"{V1}/courses/cs231n").status_code == 404
    hers = world.client("ida").get(f"{V1}/tokens").json()
    seen = stolen.get(f"{V1}/tokens").json()
    assert len(hers) == 3
    assert {each["id"] for each in seen} < {each["id"] for each in hers}
    own = next(each["id"] for each in hers if each["course"] is None)
    assert stolen.ask("DELETE", f"{V1}/tokens/{own}").status_code == 404


def test_whoever_leaves_loses_their_rights(world: Any, places: dict[str, str]) -> None:
    ida = world.client("ida")
    assert ida.ask("DELETE", f"{V1}/courses/cs231n/members/ada").status_code == 200
    assert world.client("ada").get(SUBMISSION.format(**places)).status_code == 404
    assert ida.ask("DELETE", f"{V1}/courses/cs231n/members/ida").status_code == 409
