"""What came of an import, in words."""

from dataclasses import dataclass
from typing import Any

from generation.refusal import Refused


@dataclass(frozen=True)
class ToldReport:
    """planted, known: how many works; refused: how many works and collections; problems: their
    titles, and why they did not come along; collections: how many were made; likes, follows: how
    many are new; unliked, unfollowed: how many are of works that are not on the walls here and of
    people who do not garden here, with the first of their titles and names.
    """

    planted: int
    known: int
    refused: int
    collections: int
    problems: tuple[tuple[str, str], ...]
    likes: int
    follows: int
    unliked: int
    unfollowed: int
    unliked_titles: tuple[str, ...]
    unfollowed_names: tuple[str, ...]


def tell_report(report: dict[str, Any] | None) -> ToldReport | None:
    """The report that a job keeps, in the language of whoever reads it; None for a job without
    one.
    """
    if report is None:
        return None
    problems = tuple(
        (title, Refused(template, **values).sentence)
        for title, template, values in report["problems"]
    )
    counts = {
        name: report.get(name, 0)
        for name in ("collections", "likes", "follows", "unliked", "unfollowed")
    }
    named = {name: tuple(report.get(name, ())) for name in ("unliked_titles", "unfollowed_names")}
    return ToldReport(
        report["planted"], report["known"], report["refused"], problems=problems, **counts, **named
    )
