"""Answers in words: what waits for a person, and what people give."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.auth import AssignmentName, OwnSubmission, ServiceHere, Staff, StaffSubmission
from api.paging import Paged
from api.schemas.inline import AnswerOut, ReadingIn, ReadingOut
from api.schemas.problems import problems
from submissions.errors import NotAllowed, NotFound, Unacceptable
from submissions.queries.coursework import Coursework
from submissions.queries.inline import Answered, Inline
from submissions.queries.staff import Desk
from submissions.readings import AWAITING, Read, ReadingEntry, Readings, Written

router = APIRouter(tags=["inline answers"])

_ITEM = r"^[A-Za-z0-9._:-]{1,128}$"
Item = Annotated[str, Path(pattern=_ITEM, examples=["a2.inline.batchnorm.1"])]


@router.get("/courses/{course}/assignments/{assignment}/answers")
def answers(
    *,
    assignment: AssignmentName,
    seat: Staff,
    service: ServiceHere,
    page: Paged,
    item: Annotated[str | None, Query(pattern=_ITEM, description="This question alone.")] = None,
    waiting: Annotated[bool, Query(description="What nobody has read yet alone.")] = False,
) -> list[AnswerOut]:
    """The class's answers in words, by student and question; each text is here once."""
    with service.store.reading() as session:
        row = Coursework(session).assignment(seat.course, assignment)
        found = [
            each
            for each in Inline(session).of_assignment(row.id, row.graded_as, item)
            if not waiting or is_waiting(each)
        ]
        places = [f"{each.student}:{each.item}:{each.digest}" for each in found]
        chosen = dict(sorted(zip(places, found, strict=True)))
        return shown_answers(session, list(page.pick(list(chosen.values()), list(chosen))))


def is_waiting(answer: Answered) -> bool:
    """Whether neither a machine nor a person has read it."""
    return answer.reading is None and answer.verdict == AWAITING


def shown_answers(session: Session, found: list[Answered]) -> list[AnswerOut]:
    """Answers with their texts, out of the reports."""
    texts = Inline(session).texts([each.grading_id for each in found])
    return [
        AnswerOut(
            submission=each.public_id,
            student=each.student,
            item=each.item,
            digest=each.digest,
            says=str(texts[each.grading_id, each.item]["says"]),
            text=str(texts[each.grading_id, each.item]["answer"]),
            verdict=each.verdict,
            max_points=each.max_points,
            reading=_read(each.reading),
        )
        for each in found
        if (each.grading_id, each.item) in texts
    ]


@router.get("/submissions/{submission}/answers")
def submission_answers(opened: OwnSubmission, service: ServiceHere) -> list[AnswerOut]:
    """The answers in words of one submission, and what they have got."""
    upload = opened.upload
    with service.store.reading() as session:
        found = Inline(session).of_submission(upload.submission_id, upload.assignment.graded_as)
        return shown_answers(session, found)


@router.post(
    "/submissions/{submission}/answers/{item}/readings",
    status_code=HTTPStatus.CREATED,
    responses=problems(CONFLICT="the answer says something else by now; read it again"),
)
def read_answer(
    wanted: ReadingIn, item: Item, opened: StaffSubmission, service: ServiceHere
) -> ReadingOut:
    """Give points for an answer. They count wherever this student hands in the same words."""
    now = service.clock()
    upload, caller = opened.upload, opened.seat.caller
    graded_as = upload.assignment.graded_as
    with service.store.session() as session:
        found = Inline(session).of_submission(upload.submission_id, graded_as)
        answer = next((each for each in found if each.item == item), None)
        if answer is None:
            raise NotFound("this submission has no answer in words to that question")
        if answer.digest != wanted.digest:
            raise NotAllowed("the answer says something else by now; read it again")
        if wanted.points > answer.max_points:
            raise Unacceptable(
                f"this answer is worth {answer.max_points:g} points; give at most that"
            )
        row = Readings(session).record(
            ReadingEntry(
                assignment=graded_as,
                name=answer.name,
                item=item,
                answer=answer.digest,
                points=wanted.points,
                comment=wanted.comment,
                reader=caller.login,
                now=now,
            ),
            Written(
                submission_id=upload.submission_id,
                name=answer.name,
                item=item,
                answer=answer.digest,
                text="",
                max_points=answer.max_points,
                verdict=answer.verdict,
            ),
        )
        Desk(session).note(
            caller.person_id,
            "answer.read",
            f"{upload.public_id}/{item}",
            now,
            course_id=opened.seat.course_id,
            points=wanted.points,
        )
    return ReadingOut(
        points=row.points, comment=row.comment, reader=row.reader, read_at=row.read_at
    )


def _read(reading: Read | None) -> ReadingOut | None:
    return None if reading is None else ReadingOut(**vars(reading))
