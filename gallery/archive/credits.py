"""The credits of a whole account, for its archive."""

from typing import Any

from gallery.lineage.credit import credits
from gallery.models import Artwork, LineageEdge, User


class CreditLedger:
    """Computes the credits of an account's works; enter them parents first.

    A work consists of what is new in it and, for the rest, of what its parents consist of, by their
    shares. The composition of every work entered is remembered, so each one costs a single sum;
    other people's works are looked up once each.
    """

    def __init__(self, user: User) -> None:
        self._user = user
        self._names: dict[int | None, str | None] = {None: None, user.pk: user.name}
        # Work id -> maker id (None: not to be named) -> share.
        self._made_of: dict[int, dict[int | None, float]] = {}

    def enter(
        self, work: Artwork, edges: list[LineageEdge], named: dict[int, Artwork]
    ) -> list[dict[str, Any]]:
        """The credits of one work as rows of works.json; they sum to 1."""
        new, total = (work.novelty if edges else 1.0), sum(edge.share for edge in edges)
        line: dict[int | None, float] = {}
        for edge in edges:
            for maker, share in self._of(edge.parent_id, named).items():
                line[maker] = line.get(maker, 0.0) + (1 - new) * edge.share / total * share
        self._made_of[work.pk] = line | {self._user.pk: line.get(self._user.pk, 0.0) + new}
        rows = [
            {"name": self._names[maker], "is_new": False, "share": share}
            for maker, share in sorted(line.items(), key=lambda item: -item[1])
            if share > 0
        ]
        return [*rows, {"name": None, "is_new": True, "share": new}] if new > 0 else rows

    def _of(self, pk: int, named: dict[int, Artwork]) -> dict[int | None, float]:
        """The composition of a work: maker id -> share."""
        if pk not in self._made_of:
            parent = named.get(pk) or Artwork.objects.only("pk").get(pk=pk)
            found: dict[int | None, float] = {}
            for credit in credits(parent, self._user):
                maker = parent.author if credit.is_new and pk in named else credit.author
                key = maker.pk if maker else None
                self._names[key] = maker.name if maker else None
                found[key] = found.get(key, 0.0) + credit.share
            self._made_of[pk] = found
        return self._made_of[pk]
