"""What submissions are worth, for one student and for a class."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from submissions.queries.standings import Mark, Place
from submissions.queries.statistics import ItemStatistics


class MarkOut(BaseModel):
    """What a submission has earned before its lateness is charged."""

    score: float = Field(
        description="The override if there is one, else the machine's and people's."
    )
    max_score: float
    machine: float
    people: float = Field(description="What people's readings of answers in words change.")
    waiting: float = Field(description="Points of answers in words that nobody has read yet.")
    overridden: bool


_STANDING: JsonDict = {
    "submission": "Zk3v0dQ9m2yJ8r1bW7xT5g",
    "number": 3,
    "received_at": "2027-04-20T21:14:03Z",
    "state": "graded",
    "days_late": 0,
    "free_days": 0,
    "factor": 1.0,
    "points": 74.0,
    "mark": {
        "score": 74.0,
        "max_score": 79.0,
        "machine": 72.0,
        "people": 2.0,
        "waiting": 0.0,
        "overridden": False,
    },
}


class StandingOut(BaseModel):
    """The submission that counts, and what it is worth."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STANDING]})

    submission: str
    number: int
    received_at: datetime
    state: str
    days_late: int
    free_days: int = Field(description="Late days that the course's budget has paid for.")
    factor: float = Field(description="What is left of the score after the penalty.")
    points: float | None = Field(description="Score times factor; none before it is graded.")
    mark: MarkOut | None


class RowOut(BaseModel):
    """One student of the class table."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "student": "grace",
                    "name": "Grace Hopper",
                    "section": "2",
                    "submissions": 3,
                    "standing": _STANDING,
                }
            ]
        }
    )

    student: str
    name: str
    section: str
    submissions: int
    standing: StandingOut | None


class MistakeOut(BaseModel):
    """A mistake of the catalogue, and how many students made it."""

    mistake: str
    says: str
    students: int


class ItemStatisticsOut(BaseModel):
    """One item over the submissions that count."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "item": "a2.batchnorm.backward",
                    "question": "Q2",
                    "part": "BatchNormalization",
                    "says": "batchnorm_backward returns dx, dgamma and dbeta",
                    "max_points": 5.0,
                    "students": 212,
                    "verdicts": {"failed": 31, "passed": 170, "unanswered": 11},
                    "pass_rate": 0.8019,
                    "mean_points": 4.1,
                    "mistakes": [
                        {
                            "mistake": "variance_held_constant",
                            "says": "no gradient flows through the variance",
                            "students": 17,
                        }
                    ],
                }
            ]
        }
    )

    item: str
    question: str
    part: str
    says: str
    max_points: float
    students: int
    verdicts: Mapping[str, int]
    pass_rate: float | None = Field(description="Of those whose item could be judged.")
    mean_points: float
    mistakes: list[MistakeOut] = Field(description="The most frequent first.")


def mark_out(mark: Mark | None) -> MarkOut | None:
    """A mark as it is shown."""
    if mark is None:
        return None
    return MarkOut(
        score=mark.score,
        max_score=mark.max_score,
        machine=mark.machine,
        people=mark.read,
        waiting=mark.waiting,
        overridden=mark.override is not None,
    )


def standing_out(place: Place | None) -> StandingOut | None:
    """A standing as it is shown."""
    if place is None:
        return None
    return StandingOut(
        submission=place.handed.public_id,
        number=place.handed.number,
        received_at=place.handed.received_at,
        state=place.handed.state,
        days_late=place.standing.late_days,
        free_days=place.standing.free_days,
        factor=place.standing.factor,
        points=place.standing.points,
        mark=mark_out(place.mark),
    )


def statistics_out(item: ItemStatistics) -> ItemStatisticsOut:
    """An item's statistics as they are shown."""
    return ItemStatisticsOut(
        item=item.id,
        question=item.question,
        part=item.part,
        says=item.says,
        max_points=item.max_points,
        students=item.students,
        verdicts=item.verdicts,
        pass_rate=item.pass_rate,
        mean_points=item.mean_points,
        mistakes=[
            MistakeOut(mistake=m.mistake, says=m.says, students=m.students) for m in item.mistakes
        ],
    )
