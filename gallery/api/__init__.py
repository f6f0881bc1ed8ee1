"""The API: what people can do on the site, for programs."""

from gallery.api.collections import collections
from gallery.api.core import api
from gallery.api.reading import garden, works
from gallery.api.writing import bench

__all__ = ["api"]

api.add_router("/works", works)
api.add_router("/collections", collections)
api.add_router("", bench)
api.add_router("", garden)
