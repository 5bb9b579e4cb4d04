"""What staff decide and read: overrides, the audit trail, notices."""

from http import HTTPStatus

from fastapi import APIRouter

from api.auth import OwnSubmission, ServiceHere, Staff, StaffSubmission
from api.paging import Paged
from api.schemas.staff import AuditOut, NoticeOut, OverrideIn, OverrideOut
from submissions.queries.results import Results
from submissions.queries.staff import Desk

router = APIRouter(tags=["staff"])


@router.get("/submissions/{submission}/overrides")
def overrides(opened: OwnSubmission, service: ServiceHere) -> list[OverrideOut]:
    """The scores that staff gave instead, the oldest first; the last one holds."""
    with service.store.reading() as session:
        return [
            OverrideOut(score=each.score, reason=each.reason, author=login, given_at=each.given_at)
            for each, login in Results(session).override_history(opened.upload.submission_id)
        ]


@router.post("/submissions/{submission}/overrides", status_code=HTTPStatus.CREATED)
def override(wanted: OverrideIn, opened: StaffSubmission, service: ServiceHere) -> OverrideOut:
    """Give a submission another score, with a reason that its student reads too."""
    now = service.clock()
    caller = opened.seat.caller
    with service.store.session() as session:
        row = Results(session).override(
            opened.upload.submission_id, wanted.score, wanted.reason, caller.person_id, now
        )
        Desk(session).note(
            caller.person_id,
            "override.give" if wanted.score is not None else "override.take_back",
            opened.upload.public_id,
            now,
            course_id=opened.seat.course_id,
            score=wanted.score,
            reason=wanted.reason,
        )
    return OverrideOut(score=row.score, reason=row.reason, author=caller.login, given_at=now)


@router.get("/courses/{course}/audit")
def audit(seat: Staff, service: ServiceHere, page: Paged) -> list[AuditOut]:
    """Who did what in a course, the newest first."""
    with service.store.reading() as session:
        found = Desk(session).trail(seat.course_id, page.limit + 1, page.number)
        return [
            AuditOut(
                number=each.id,
                actor=login,
                action=each.action,
                subject=each.subject,
                detail=each.detail,
                at=each.at,
            )
            for each, login in page.cut(found, [str(each.id) for each, _ in found])
        ]


@router.get("/courses/{course}/notices")
def notices(seat: Staff, service: ServiceHere, page: Paged) -> list[NoticeOut]:
    """What needs a person: submissions that were given up, workers that take no work."""
    with service.store.reading() as session:
        found = Desk(session).notices(seat.course_id, page.limit + 1, page.number)
        return [
            NoticeOut(
                number=each.id,
                kind=each.kind,
                says=each.says,
                submission=public_id,
                raised_at=each.raised_at,
            )
            for each, public_id in page.cut(found, [str(each.id) for each, _ in found])
        ]
