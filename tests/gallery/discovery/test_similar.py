"""Works that look or sound like another one."""

import io
import json

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from gallery.discovery import features
from gallery.discovery.actions import store_features, store_missing_features
from gallery.discovery.similar import similar_to
from gallery.maintenance import refresh_rankings
from gallery.models import (
    Artwork,
    ArtworkFeature,
    Boundary,
    BoundaryKind,
    FeatureBand,
    Medium,
    State,
    Visibility,
)
from tests.factories import make_artwork, make_species, make_user

pytestmark = pytest.mark.django_db


def picture(colour: tuple[int, int, int], *, seed: int = 0, stripes: int = 0) -> bytes:
    """A WebP of one colour with a little noise, and stripes across."""
    rng = np.random.default_rng(seed)
    pixels = np.clip(np.array(colour) + rng.normal(0, 6, (64, 64, 3)), 0, 255).astype(np.uint8)
    if stripes:
        pixels[(np.arange(64) // stripes) % 2 == 0] //= 3
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=90)
    return buffer.getvalue()


def hang(title: str, data: bytes, **fields) -> Artwork:
    work = make_artwork(title=title, **fields)
    work.thumbnail.save("thumbnail.webp", ContentFile(data))
    assert store_features(work)
    return work


def tune(pitches: list[int]) -> bytes:
    notes = [[place / 2, place / 2 + 0.5, pitch, 80] for place, pitch in enumerate(pitches * 8)]
    return json.dumps(
        {"beats": len(notes) / 2, "parts": [{"role": "melody", "notes": notes}]}
    ).encode()


def test_pictures_of_like_colours_and_edges_come_first():
    work = hang("Red", picture((200, 40, 40), seed=1))
    hang("Blue", picture((40, 60, 200), seed=2))
    hang("Also red", picture((205, 45, 38), seed=3))
    hang("Red stripes", picture((200, 40, 40), seed=4, stripes=4))
    assert similar_to(work, work.author)[0].title == "Also red"


def test_a_transposed_melody_is_the_same_melody_and_another_is_not():
    one, higher, other = (
        features.vector_of_tune(tune(pitches))
        for pitches in (
            [60, 64, 67, 72, 67, 64],
            [62, 66, 69, 74, 69, 66],
            [60, 61, 60, 63, 66, 61],
        )
    )
    assert one @ higher > 0.98 > 0.9 > one @ other


def test_vectors_have_the_length_that_is_stored_and_survive_it():
    vector = features.vector_of_picture(picture((90, 120, 30)))
    assert len(vector) == features.LENGTHS[Medium.PICTURE] and np.linalg.norm(
        vector
    ) == pytest.approx(1, abs=1e-5)
    assert features.unpack([features.pack(vector)])[0] == pytest.approx(vector, abs=1e-3)
    assert len(features.vector_of_tune(tune([60, 62]))) == features.LENGTHS[Medium.MUSIC]


def test_close_vectors_share_more_buckets_than_distant_ones():
    rng = np.random.default_rng(5)
    base = rng.normal(size=96)
    near, far = base + rng.normal(0, 0.2, 96), rng.normal(size=96)
    base, near, far = (vector.astype(np.float32) for vector in (base, near, far))
    buckets = [
        set(features.buckets_of(vector, medium=Medium.PICTURE)) for vector in (base, near, far)
    ]
    assert len(buckets[0] & buckets[1]) > len(buckets[0] & buckets[2])
    assert len(buckets[0]) == features.BANDS
    assert buckets[0] <= set(features.buckets_near(base, medium=Medium.PICTURE))


def test_silence_and_a_flat_picture_have_features_too():
    assert np.isfinite(features.vector_of_picture(picture((0, 0, 0)))).all()
    assert np.isfinite(features.vector_of_tune(json.dumps({"beats": 0, "parts": []}))).all()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"beats": 1, "parts": [{"role": "melody", "notes": [[1, 2]]}]}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_tune_is_refused(data: bytes):
    with pytest.raises(ValueError):
        features.vector_of_tune(data)


def test_a_file_that_cannot_be_read_is_tried_once():
    work = make_artwork()
    work.thumbnail.save("thumbnail.webp", ContentFile(b"no picture"))
    assert store_missing_features() == 0
    assert ArtworkFeature.objects.get(artwork=work).kind == features.UNREADABLE
    assert similar_to(work, work.author) == []
    hang("Good", picture((1, 2, 3)))
    assert store_missing_features() == 0


def test_describing_again_leaves_no_old_buckets():
    work = hang("Red", picture((200, 40, 40)))
    work.thumbnail.save("other.webp", ContentFile(picture((40, 60, 200))))
    assert store_features(work)
    assert FeatureBand.objects.filter(artwork=work).count() == features.BANDS


def test_old_works_are_described_and_tunes_apart_from_pictures():
    make_species("tunes", name="Tunes", medium=Medium.MUSIC)
    song = make_artwork(species=make_species("tunes"))
    song.notes.save("notes.json", ContentFile(tune([60, 64, 67])))
    song.thumbnail.save("thumbnail.svg", ContentFile(b"<svg/>"))
    hang("Red", picture((200, 40, 40)))
    assert store_missing_features() == 1
    assert similar_to(song, song.author) == []


def test_closed_works_and_people_who_are_kept_away_are_left_out(client: Client):
    work = hang("Red", picture((200, 40, 40), seed=1))
    hang("Secret", picture((200, 40, 40), seed=2), visibility=Visibility.PRIVATE)
    shown = hang("Shown", picture((200, 40, 40), seed=3))
    reader = make_user()
    assert [found.title for found in similar_to(work, reader)] == ["Shown"]
    page = client.get(f"/art/{work.slug}/similar/").content.decode()
    assert "Shown" in page and "Secret" not in page
    Boundary.objects.create(user=reader, other=shown.author, kind=BoundaryKind.MUTE)
    assert similar_to(work, reader) == []


def test_nothing_is_kept_of_what_a_removed_work_looked_like():
    work = hang("Red", picture((200, 40, 40)))
    Artwork.objects.filter(pk=work.pk).update(state=State.REMOVED)
    refresh_rankings()
    assert not ArtworkFeature.objects.exists() and not FeatureBand.objects.exists()


def test_a_closed_work_has_no_page_of_similar_ones(client: Client):
    work = make_artwork(visibility=Visibility.PRIVATE)
    assert client.get(f"/art/{work.slug}/similar/").status_code == 404
    assert client.get("/art/unknown/similar/").status_code == 404


def test_the_page_of_a_work_shows_similar_ones_and_leads_to_its_colour(client: Client):
    work = hang("Red", picture((200, 40, 40), seed=1), colour="red", accent="#c8372f")
    hang("Also red", picture((200, 40, 40), seed=2))
    page = client.get(work.get_absolute_url()).content.decode()
    assert "Also red" in page and f"/art/{work.slug}/similar/" in page and "/?colour=red" in page


def test_similar_works_cost_the_same_queries_at_any_number(django_assert_max_num_queries):
    work = hang("Red", picture((200, 40, 40), seed=1))
    for number in range(30):
        hang(f"Red {number}", picture((200, 40, 40), seed=2 + number), author=work.author)
    with django_assert_max_num_queries(5):
        assert len(similar_to(work, work.author)) == 12
