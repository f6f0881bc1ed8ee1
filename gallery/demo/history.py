"""Dates of the demo garden: rows look as if they had been written over the past weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from gallery.models import Comment, Follow, Like

Dated = TypeVar("Dated", Comment, Follow, Like)
OLDEST, NEWEST = timedelta(days=34), timedelta(minutes=25)  # Ages of works.
RECENCY = 1.3  # Above 1, recent works are closer together than old ones.


def publication_date(age: float, *, now: datetime) -> datetime:
    """When a work was published. age: from 0 (the newest work) to 1 (the oldest)."""
    return now - NEWEST - OLDEST * age**RECENCY


def soon_after(
    moment: datetime, *, days: float, now: datetime, rng: np.random.Generator
) -> datetime:
    """A random time between a moment and now, on average about so many days after the moment."""
    days_left = (now - moment) / timedelta(days=1)
    return moment + timedelta(
        days=min(float(rng.exponential(days)), days_left * float(rng.uniform(0.1, 0.95)))
    )


def save_dated(rows: Sequence[Dated], dates: Sequence[datetime]) -> None:
    """Insert rows of one model in the order of their dates, which become their `created_at`."""
    if not rows:
        return
    pairs = sorted(zip(dates, rows, strict=True), key=lambda pair: pair[0])
    ordered = [row for _date, row in pairs]
    rows_of_model = type(ordered[0])._default_manager
    rows_of_model.bulk_create(ordered)
    for date, row in pairs:  # On insertion, auto_now_add replaces any date.
        row.created_at = date
    rows_of_model.bulk_update(ordered, ["created_at"], batch_size=500)
