"""What staff do over HTTP: a term from its first course to its gradebook, and the trail of it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

V1 = "/api/v1"
CS = f"{V1}/courses/cs231n"
A2 = f"{CS}/assignments/a2"


def test_an_instructor_sets_a_term_up(world: Any) -> None:
    ida = world.client("ida")
    made = ida.post(f"{V1}/courses", json={"course": "cs231n-2028", "late_day_budget": 3})
    assert (made.status_code, made.json()["role"]) == (201, "instructor")
    here = f"{V1}/courses/cs231n-2028"
    taken = ida.post(f"{V1}/courses", json={"course": "cs231n-2028"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/already-there")
    rules = {
        "assignment": "first",
        "graded_as": "a1",
        "opens_at": "2027-04-01T00:00:00Z",
        "deadline": "2027-04-20T16:59:59-07:00",
        "late_days": 2,
    }
    added = ida.post(f"{here}/assignments", json=rules)
    assert added.status_code == 201, added.text
    assert added.json()["deadline"] == "2027-04-20T23:59:59Z"
    assert added.json()["closes_at"] == "2027-04-22T23:59:59Z"
    unknown = ida.post(f"{here}/assignments", json=rules | {"assignment": "x", "graded_as": "b9"})
    assert unknown.status_code == 422
    assert unknown.json()["detail"] == (
        "the grader has no assignment 'b9'; graded_as is one of: a1, a2, a3"
    )
    early = ida.ask("PATCH", f"{here}/assignments/first", json={"deadline": "2027-03-01T00:00:00Z"})
    assert early.status_code == 422
    roster = "SIS Login ID,Name,Section,Role\nzoe,Zoe Z,1,student\nyan,Yan Y,1,ta\n"
    done = ida.post(f"{here}/roster", content=roster)
    assert done.json() == {"added": 2, "changed": 0, "left": 0}
    bad = ida.post(f"{here}/roster", content="Name\nZoe\n")
    assert (bad.status_code, bad.json()["type"]) == (422, "/problems/bad-roster")
    demoted = ida.post(f"{here}/roster", content="login\nida\n")
    assert demoted.status_code == 409
    members = ida.get(f"{here}/members").json()
    assert [(each["login"], each["role"]) for each in members] == [
        ("ida", "instructor"),
        ("yan", "ta"),
        ("zoe", "student"),
    ]
    (token,) = ida.post(f"{here}/tokens", json={"role": "student", "days": 10}).json()
    assert (token["login"], token["name"]) == ("zoe", "Zoe Z")
    zoe = world.anybody.as_(token["token"])
    assert [each["assignment"] for each in zoe.get(f"{here}/assignments").json()] == ["first"]
    left = ida.post(f"{here}/roster?drop=true", content="login,role\nyan,ta\n")
    assert left.json()["left"] == 1
    assert zoe.get(here).status_code == 404
    trail = ida.get(f"{here}/audit").json()
    assert [each["action"] for each in trail] == [
        "roster.import",
        "token.issue",
        "roster.import",
        "assignment.add",
        "course.add",
    ]
    assert {each["actor"] for each in trail} == {"ida"}


def test_the_class_table_and_the_gradebook_say_what_counts(world: Any, term_module: Any) -> None:
    at = term_module.DEADLINE + timedelta(hours=30)
    upload = term_module.hand_in(world.database, world.term, world.term.ada, at)
    term_module.grade(world.database, upload, [term_module.item("a2.one", 4.0)])
    tim = world.client("tim")
    ada, grace = tim.get(f"{A2}/table").json()
    assert (ada["student"], ada["submissions"], grace["standing"]) == ("ada", 1, None)
    # Two days late, and the course's budget are three.
    standing = ada["standing"]
    assert (standing["days_late"], standing["free_days"], standing["points"]) == (2, 2, 4.0)
    world.client("ida").ask("PATCH", CS, json={"late_day_budget": 0})
    assert tim.get(f"{A2}/table").json()[0]["standing"]["points"] == 2.0
    (only,) = tim.get(f"{A2}/table?after=ada").json()
    assert only["student"] == "grace"
    first = tim.get(f"{A2}/table?limit=1")
    assert first.headers["link"] == f'<{A2}/table?limit=1&after=ada>; rel="next"'
    canvas = tim.get(f"{CS}/gradebook.csv")
    assert canvas.headers["content-type"] == "text/csv; charset=utf-8"
    assert canvas.headers["content-disposition"] == 'attachment; filename="cs231n-canvas.csv"'
    rows = list(csv.reader(io.StringIO(canvas.text)))
    assert rows[0][-1] == "Assignment 2"
    assert [row[-1] for row in rows[1:]] == ["5", "2", ""]
    gradescope = tim.get(f"{CS}/gradebook.csv?layout=gradescope&assignment=a2")
    rows = list(csv.reader(io.StringIO(gradescope.text)))
    assert rows[1][5:] == ["2", "5", "2027-04-22 05:59:59 +0000", "30:00:00", "30:00:00"]
    assert tim.get(f"{CS}/gradebook.csv?layout=excel").status_code == 422
    assert tim.get(f"{CS}/gradebook.csv?assignment=a9").status_code == 404


def test_no_name_becomes_a_formula(world: Any) -> None:
    ida = world.client("ida")
    evil = {"name": "=HYPERLINK(1)", "email": "@x", "section": "+1", "student_number": "-1"}
    assert ida.ask("PUT", f"{CS}/members/ada", json=evil).status_code == 200
    for layout in ("canvas", "gradescope"):
        text = ida.get(f"{CS}/gradebook.csv?layout={layout}").text
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not cell.startswith(("=", "+", "-", "@"))


def test_an_override_is_seen_by_its_student_and_stays_in_the_trail(
    world: Any, term_module: Any
) -> None:
    upload = term_module.hand_in(world.database, world.term, world.term.ada, world.now[0])
    term_module.grade(world.database, upload, [term_module.item("a2.one", 4.0)])
    here = f"{V1}/submissions/{upload.public_id}"
    tim, ada = world.client("tim"), world.client("ada")
    without: list[dict[str, Any]] = [{}, {"reason": ""}, {"reason": "  \u0000"}]
    for each in without:
        wanted = {"score": 1} | each
        assert tim.post(f"{here}/overrides", json=wanted).status_code == 422
    assert tim.post(f"{here}/overrides", json={"score": -1, "reason": "x"}).status_code == 422
    for score in (4.5, None):
        wanted = {"score": score, "reason": "the last cell was lost"}
        assert tim.post(f"{here}/overrides", json=wanted).status_code == 201
        mark = ada.get(here).json()["mark"]
        assert (mark["score"], mark["overridden"]) == (score or 4.0, score is not None)
    told = ada.get(f"{here}/overrides").json()
    assert [(each["score"], each["author"]) for each in told] == [(4.5, "tim"), (None, "tim")]
    trail = tim.get(f"{CS}/audit?limit=2").json()
    assert [(each["action"], each["detail"]["score"]) for each in trail] == [
        ("override.take_back", None),
        ("override.give", 4.5),
    ]


def test_a_regrade_of_everything_is_followed_and_compared(world: Any, term_module: Any) -> None:
    uploads = []
    for student in (world.term.ada, world.term.grace):
        uploads.append(term_module.hand_in(world.database, world.term, student, world.now[0]))
        term_module.grade(world.database, uploads[-1], [term_module.item("a2.one", 3.0)])
    tim = world.client("tim")
    begun = tim.post(f"{A2}/regrades", json={"reason": "a repaired suite"})
    assert (begun.status_code, begun.json()["queued"]) == (202, 2)
    assert world.called.calls == [each.submission_id for each in uploads]
    where = begun.headers["location"]
    assert (tim.get(where).json()["waiting"], tim.get(where).json()["changed"]) == (2, 0)
    for upload in uploads:
        five = [term_module.item("a2.one", 5.0)]
        term_module.grade(world.database, upload, five, "v2", at=world.now[0])
    told = tim.get(f"{where}?limit=1")
    assert (told.json()["waiting"], told.json()["changed"]) == (0, 2)
    (change,) = told.json()["changes"]
    assert (change["student"], change["before"]["score"], change["after"]["score"]) == ("ada", 3, 5)
    assert change["items"] == [
        {
            "item": "a2.one",
            "before": {"verdict": "partial", "points": 3.0},
            "after": {"verdict": "passed", "points": 5.0},
        }
    ]
    following = told.headers["link"].partition(">")[0].removeprefix("<")
    (change,) = tim.get(following).json()["changes"]
    assert change["student"] == "grace"
    assert [each["id"] for each in tim.get(f"{A2}/regrades").json()] == [begun.json()["id"]]


def test_statistics_name_the_mistakes(world: Any, term_module: Any) -> None:
    upload = term_module.hand_in(world.database, world.term, world.term.ada, world.now[0])
    held = {"mistake": "held", "says": "no gradient flows", "ask": "?"}
    term_module.grade(world.database, upload, [term_module.item("a2.one", 0.0, diagnosis=held)])
    (item,) = world.client("tim").get(f"{A2}/statistics").json()
    assert (item["item"], item["pass_rate"]) == ("a2.one", 0.0)
    assert item["mistakes"] == [{"mistake": "held", "says": "no gradient flows", "students": 1}]


def test_notices_say_what_needs_a_person(world: Any) -> None:
    from submissions.queries.work import WorkList

    about = world.hand_in()
    with world.database.session() as session:
        work = WorkList(session, most_tries=1)
        lease = work.take(["cpu"], "w1", world.now[0], timedelta(seconds=9))
        assert lease is not None
        work.fail(lease, "the disk is full", world.now[0])
    (notice,) = world.client("tim").get(f"{CS}/notices").json()
    assert (notice["kind"], notice["submission"]) == ("faulted", about["id"])
    assert notice["says"] == "given up after 1 tries: the disk is full"


@pytest.mark.parametrize(
    "moment", ["2027-04-20T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon"]
)
def test_a_moment_has_a_zone_and_a_year_that_can_be_meant(world: Any, moment: str) -> None:
    answer = world.client("ida").ask("PATCH", A2, json={"deadline": moment})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.deadline"
