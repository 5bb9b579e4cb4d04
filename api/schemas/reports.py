"""Reports, as the service wraps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ReportOut(BaseModel):
    """The report of the grading that holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "assignment": "a2",
                    "suite_version": "3f2a90c1d4e5",
                    "finished_at": "2027-04-20T21:14:04Z",
                    "submission": {
                        "name": "cs231n-2027/grace",
                        "status": "graded",
                        "score": 74.0,
                        "max_score": 79.0,
                        "items": [],
                    },
                }
            ]
        }
    )

    assignment: str
    suite_version: str
    finished_at: datetime
    submission: Mapping[str, Any] = Field(description="A submission of docs/report.md.")
