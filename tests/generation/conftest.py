"""An engine with a net that can be held."""

import pytest

from tests.easel import Easel
from tests.squares import make_engine


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def engine(easel):
    with_easel = make_engine(render_batch=easel)
    yield with_easel
    easel.go.set()
    with_easel.close()
