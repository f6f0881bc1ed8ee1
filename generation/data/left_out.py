"""What was left out of a prepared set, and why: for the card, for people, and as a list."""

from collections import Counter, defaultdict
from pathlib import Path

from generation.data.prepared_folder import printable
from generation.data.sources import Report

NAMED = 3  # Examples of each reason that are named on the screen.


class LeftOut:
    """The names of what was left out, by the reason in a few words."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)

    def add(self, reason: str, name: str, *, like: str = "") -> None:
        """like: the name of the other file that the reason speaks of."""
        shown = printable(name)
        self._names[reason].append(f"{shown} (like {printable(like)})" if like else shown)

    def counts(self) -> dict[str, int]:
        """How many were left out for each reason, the most frequent one first."""
        return dict(
            Counter({reason: len(names) for reason, names in self._names.items()}).most_common()
        )

    def total(self) -> int:
        return sum(self.counts().values())

    def summary(self) -> str:
        return ", ".join(f"{count} {reason}" for reason, count in self.counts().items())

    def report(self, report: Report, *, path: Path) -> None:
        """Say how many were left out for which reason, with a few names; `path` has them all."""
        report(f"Left out: {self.total()}")
        for reason, count in self.counts().items():
            names = self._names[reason]
            more = ", ..." if count > NAMED else ""
            report(f"{count:8,d}  {reason}: {', '.join(names[:NAMED])}{more}")
        if self.total() > NAMED:
            report(f"All of them are named in {path}.")

    def write(self, path: Path) -> None:
        """Write one line for each, with its reason first."""
        lines = [f"{reason}: {name}\n" for reason in self.counts() for name in self._names[reason]]
        path.write_text("".join(lines), encoding="utf-8")
