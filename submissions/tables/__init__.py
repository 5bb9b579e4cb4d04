"""The tables of the service, beside those of `submissions.models`; together they are the schema."""

from submissions.base import Base
from submissions.tables import coursework, people, staff, uploads

__all__ = ["Base", "coursework", "people", "staff", "uploads"]
