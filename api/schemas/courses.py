"""Courses, their people and the tokens that are made for them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.values import Line, Login, Name
from submissions.roles import Role
from submissions.tables.people import Course, Membership


class CourseOut(BaseModel):
    """A course, and one's role in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "course": "cs231n-2027",
                    "title": "Deep Learning for Computer Vision",
                    "late_day_budget": 3,
                    "role": "student",
                }
            ]
        }
    )

    course: str
    title: str
    late_day_budget: int = Field(description="Days late that cost nothing, over the whole course.")
    role: Role


class CourseIn(BaseModel):
    """A new course; whoever opens it is its instructor."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "course": "cs231n-2028",
                    "title": "Deep Learning for Computer Vision",
                    "late_day_budget": 3,
                }
            ]
        },
    )

    course: Name
    title: Line = ""
    late_day_budget: int = Field(default=0, ge=0, le=366)


class CourseChange(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"late_day_budget": 4}]}
    )

    title: Line | None = None
    late_day_budget: int | None = Field(default=None, ge=0, le=366)


class MemberIn(BaseModel):
    """Somebody in a course."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"role": "ta", "name": "Grace Hopper", "section": "2"}]},
    )

    role: Role = Role.STUDENT
    name: Line = ""
    email: Line = ""
    student_number: Line = ""
    section: Line = ""


class MemberOut(BaseModel):
    """Somebody in a course, as its staff see them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "login": "grace",
                    "name": "Grace Hopper",
                    "email": "grace@university.example",
                    "student_number": "0123456",
                    "section": "2",
                    "role": "student",
                    "joined_at": "2027-03-29T08:00:00Z",
                }
            ]
        }
    )

    login: str
    name: str
    email: str
    student_number: str
    section: str
    role: Role
    joined_at: datetime


class EnrolmentOut(BaseModel):
    """What a roster has changed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"added": 212, "changed": 3, "left": 0}]}
    )

    added: int
    changed: int
    left: int


class ClassTokensIn(BaseModel):
    """For whom tokens are made: those who are named, else everybody in the role."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "student", "days": 120}]}
    )

    role: Role = Role.STUDENT
    logins: list[Login] | None = Field(default=None, max_length=1000)
    days: int | None = Field(default=None, ge=1, le=3650)


class ClassTokenOut(BaseModel):
    """The token of one person, shown this once; it opens this course alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "login": "grace",
                    "name": "Grace Hopper",
                    "email": "grace@university.example",
                    "token": "grader_…",
                    "expires_at": "2027-07-27T08:00:00Z",
                }
            ]
        }
    )

    login: str
    name: str
    email: str
    token: str
    expires_at: datetime


def course_out(course: Course, role: Role) -> CourseOut:
    """A course as it is shown."""
    return CourseOut(
        course=course.name,
        title=course.title,
        late_day_budget=course.late_day_budget,
        role=role,
    )


def member_out(membership: Membership) -> MemberOut:
    """A member as they are shown to staff."""
    person = membership.person
    return MemberOut(
        login=person.login,
        name=person.name,
        email=person.email,
        student_number=person.student_number,
        section=membership.section,
        role=membership.role,
        joined_at=membership.joined_at,
    )
