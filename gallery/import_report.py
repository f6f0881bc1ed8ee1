"""What came of an import, in words."""

from dataclasses import dataclass
from typing import Any

from generation.refusal import Refused


@dataclass(frozen=True)
class ToldReport:
    """planted, known: how many works; refused: how many works and collections; problems: their titles, and why they did not
    come along; collections: how many were made."""

    planted: int
    known: int
    refused: int
    collections: int
    problems: tuple[tuple[str, str], ...]


def tell_report(report: dict[str, Any] | None) -> ToldReport | None:
    """The report that a job keeps, in the language of whoever reads it; None for a job without one."""
    if report is None:
        return None
    problems = tuple((title, Refused(template, **values).sentence) for title, template, values in report["problems"])
    return ToldReport(report["planted"], report["known"], report["refused"], report.get("collections", 0), problems)
