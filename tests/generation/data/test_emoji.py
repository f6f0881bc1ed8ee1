import pytest

from generation.data.emoji import is_thing


@pytest.mark.parametrize("name", ["1f34e", "1f600", "2615", "1f9f6", "1f6f8", "1f466", "2708-fe0f"])
def test_things_creatures_and_faces_are_kept(name):
    assert is_thing(name)


@pytest.mark.parametrize(
    "name",
    [
        "0031-fe0f-20e3",
        "1f1e9-1f1ea",
        "1f44b-1f3fd",
        "1f468-200d-1f469-200d-1f467",
        "1f550",
        "2648",
        "1f51f",
        "1f3f4-e0067-e0062",
    ],
)
def test_flags_keycaps_clocks_signs_and_skin_tones_are_dropped(name):
    assert not is_thing(name)
