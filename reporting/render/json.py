"""The report as JSON: the contract of docs/report.md."""

import json
from pathlib import Path

from reporting.render.file import write_whole
from reporting.report import ClassReport, class_as_json


def write_report(report: ClassReport, path: Path) -> None:
    """Write the JSON document of a run.

    Keys keep the order of the contract, so equal reports are equal files. Raises OSError.
    """
    text = json.dumps(class_as_json(report), ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(path, text + "\n")
