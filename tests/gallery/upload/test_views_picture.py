"""Uploading a picture: what its file says, the same words here, and keeping it to be grafted."""

import base64
import io
import json
import re
from html import unescape

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gallery.artworks.publishing import publish_child
from gallery.job_runner import run_next
from gallery.lineage.parents import find_parents, surprise
from gallery.lineage.references import Founder
from gallery.lineage.story import describe_recipe
from gallery.models import Artwork, BlockedWord, Job, Licence, State, Visibility
from gallery.sharing.downloads import make_copy
from gallery.sharing.provenance import describe, source_of
from gallery.species.actions import sync_species
from generation.checkpoints import catalogue
from generation.codecs.provenance import CAPTURED, DRAWN, MIXED, read
from generation.codecs.stored_picture import store
from generation.finishing.steps import read_steps
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.dreams import SETTINGS_JSON, add_species
from tests.factories import make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db
ADDRESS = "/bench/upload/picture/"
PARAMETERS = (
    "a red fox <b>at</b> dusk\nNegative prompt: text, blur\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 77, Size: 512x512, Model: {model}"
)


@pytest.fixture
def maker(client, more_checkpoints):
    add_species(more_checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    sync_species()
    user = make_user()
    client.force_login(user)
    return user


def png(width: int = 160, height: int = 120, *, parameters: str = "", seed: int = 1) -> bytes:
    """A picture of soft spots, with words of another program inside."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    picture = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    info, buffer = PngInfo(), io.BytesIO()
    if parameters:
        info.add_text("parameters", parameters)
    picture.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def bring(client, content: bytes, name: str = "fox.png"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})


def keep(client, content: bytes, **changes):
    stored = base64.b64encode(store(content)).decode()
    fields = {"picture": stored, "origin": "photo", "title": "Fox", "licence": "CC-BY-4.0"}
    return client.post(ADDRESS, fields | changes)


def test_uploading_needs_an_account(client):
    assert client.get(ADDRESS)["Location"].startswith(reverse("account_login"))


def test_both_pages_of_uploads_lead_to_each_other(client, maker):
    assert 'href="/bench/upload/"' in html_of(client.get(ADDRESS))
    assert f'href="{ADDRESS}"' in html_of(client.get("/bench/upload/"))


def test_what_a_file_says_is_shown_and_nothing_is_stored(client, maker):
    page = bring(client, png(parameters=PARAMETERS.format(model="unknown")))
    shown = html_of(page)
    assert page.status_code == 200
    for words in ("a red fox &lt;b&gt;at&lt;/b&gt; dusk", "text, blur", "77", "20", "unknown"):
        assert words in shown
    assert "Start a founder" not in shown
    assert not Artwork.objects.exists() and not Job.objects.exists()
    assert "doesn't say how it was painted" in html_of(bring(client, png())).replace("&#x27;", "'")


@pytest.mark.parametrize("model", ["Dreams", "dreams.safetensors", "models/DREAMS"])
def test_a_net_that_is_here_paints_from_the_same_words(client, maker, model):
    shown = html_of(bring(client, png(parameters=PARAMETERS.format(model=model))))
    assert "Start a founder with these words" in shown and "This net is here, as Dreams" in shown
    form = shown.partition('action="/bench/"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    wish = {name: unescape(value) for name, value in hidden}
    (root,) = client.get("/bench/", wish, follow=True).context["bench"]["roots"]
    (parent,) = find_parents(maker, [root])
    assert parent.genome.prompts == (("a red fox <b>at</b> dusk", 1.0),)
    assert parent.genome.avoided == (("text, blur", 1.0),)
    work, _job = publish_child(
        maker,
        pedigree=Pedigree((root,), ()),
        title="Fox",
        licence=Licence.CC_BY,
        visibility=Visibility.PUBLIC,
    )
    assert "painted with AUTOMATIC1111." in describe_recipe(work, maker)[1]


def test_a_net_is_known_by_the_hash_of_its_file(client, maker):
    digest = next(iter(catalogue()["dreams"].files.values()))
    words = PARAMETERS.format(model="else") + f", Model hash: {digest[:10]}"
    assert "Start a founder" in html_of(bring(client, png(parameters=words)))
    words = PARAMETERS.format(model="else") + ", Model hash: 0123456789"
    assert "Start a founder" not in html_of(bring(client, png(parameters=words)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 something", "picture"),
        (png(40, 200), "at least 64"),
        (png()[:200], "Save it again"),
    ],
)
def test_what_is_no_usable_picture_is_refused_in_words(client, maker, content, sentence):
    page = bring(client, content)
    assert page.status_code == 400 and sentence in html_of(page)


def test_a_kept_picture_is_a_private_work_of_its_maker(client, maker, squares_engine):
    page = keep(client, png())
    work = Artwork.objects.get()
    assert page["Location"] == work.get_absolute_url()
    assert (work.visibility, work.state, work.novelty) == ("private", State.RENDERING, 1.0)
    assert not work.may_train
    assert work.pedigree == {"upload": "photo"} and work.species_id == "pictures"
    assert work.read_genome().picture == store(png())
    shown = html_of(client.get(work.get_absolute_url()))
    assert "made by a person" in shown and "Its maker took this photo" in shown
    assert "made by AI" not in shown
    assert "/bench/graft/" in shown and f"/bench/?parents={work.slug}" in shown
    again = keep(client, png())
    assert again["Location"] == work.get_absolute_url() and Artwork.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"origin": "other"}, "made yourself"),
        ({"origin": ""}, "who made the picture"),
        ({"title": " "}, "a title"),
        ({"title": "a grue"}, "grue"),
        ({"licence": "mine"}, "mine"),
        ({"picture": "!!"}, "upload it again"),
        ({"picture": base64.b64encode(png()).decode()}, "upload it again"),
    ],
)
def test_what_may_not_be_kept_is_refused_in_words(client, maker, changes, sentence):
    BlockedWord.objects.create(word="grue")
    page = keep(client, png(), **changes)
    assert page.status_code == 400 and sentence in html_of(page)
    assert not Artwork.objects.exists()


def test_the_very_picture_of_somebody_else_is_refused(client, maker):
    keep(client, png())
    Artwork.objects.update(state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    client.force_login(make_user())
    page = keep(client, png(), origin="drawing")
    assert page.status_code == 400 and "report that work" in html_of(page)


def test_an_uploaded_picture_is_grafted_and_not_bred(client, maker):
    keep(client, png())
    work = Artwork.objects.get()
    with pytest.raises(Refused, match="It has no genes, so it can't be bred with others; finish"):
        find_parents(maker, [work.slug, "seed:dreams:1"])
    with pytest.raises(Refused, match="has no genes"):
        find_parents(maker, ["seed:pictures:1"])
    Artwork.objects.update(state=State.PUBLISHED, visibility=Visibility.PUBLIC, may_be_bred=True)
    assert work.slug not in surprise(maker, seed=1)
    assert work.title not in html_of(client.get("/bench/choose/"))
    assert html_of(client.get(f"/bench/graft/?work={work.slug}")).count("data-words") == 1
    assert client.get("/species/pictures/").status_code == 200


WARM = (("colour", {"warmth": 0.5}),)
STYLED = (("style", {}),)


def finish(author, work: Artwork, *, title: str = "Warm", **recipe) -> Artwork:
    step = Step((0,), Recipe(weights=(1.0,), seed=3, **recipe))
    return publish_child(
        author,
        pedigree=Pedigree((work.slug,), (step,)),
        title=title,
        licence=Licence.CC_BY,
        visibility=Visibility.PUBLIC,
    )[0]


def test_an_uploaded_picture_is_finished_on_the_bench(client, maker, settings):
    settings.PRINT_SIZE = 64
    keep(client, png())
    assert run_next()
    work = Artwork.objects.get()
    bench = html_of(client.get(f"/bench/?parents={work.slug}"))
    assert 'data-genes="no"' in bench and 'data-genes="yes"' in html_of(client.get("/bench/"))
    with pytest.raises(Refused, match="exact copy"):
        finish(maker, work)
    for change in ({"mutation_rate": 0.5}, {"operator": "sample"}):
        with pytest.raises(Refused):
            finish(maker, work, **change)
    child = finish(maker, work, finishing=read_steps(WARM))
    assert run_next()
    child.refresh_from_db()
    assert (child.state, child.novelty) == (State.PUBLISHED, 0.0)
    pixels = [np.asarray(Image.open(each.master), float).mean((0, 1)) for each in (work, child)]
    assert pixels[1][0] - pixels[1][2] > pixels[0][0] - pixels[0][2] + 5  # Redder, less blue.
    told = describe_recipe(child, maker)
    assert "uploaded picture “Fox”, finished anew" in re.sub("[\u2066-\u2069]", "", told[0])
    assert describe(child).lineage.startswith("Finished from 100% ")
    assert "made by a person" in html_of(client.get(child.get_absolute_url()))


def test_a_photo_that_a_net_finished_is_no_longer_made_by_a_person_alone(client, maker):
    keep(client, png())
    work = Artwork.objects.get()
    child = finish(maker, work, finishing=read_steps(STYLED))
    assert (work.is_handmade, child.is_handmade) == (True, False)
    assert (describe(work).source, describe(child).source) == (CAPTURED, MIXED)


@pytest.mark.parametrize(
    ("origin", "own", "child"),
    [("photo", CAPTURED, MIXED), ("drawing", DRAWN, MIXED), ("ai", "", "")],
)
def test_files_say_what_is_made_by_ai(client, maker, origin, own, child):
    keep(client, png(), origin=origin)
    work = Artwork.objects.get()
    assert describe(work).source == own
    assert describe(work).lineage == "Uploaded by its maker; it has no parents."
    assert describe(work).is_trained is (origin == "ai")
    Job.objects.all().delete()
    over, _job = publish_child(
        maker,
        pedigree=Pedigree((str(Founder("dreams", 1, "a fox", graft=work.slug)),), ()),
        title="Over",
        licence=Licence.CC_BY,
        visibility=Visibility.PUBLIC,
    )
    assert source_of(over.read_genome()) == child
    assert "painted over" in describe(over).lineage


def test_a_kept_picture_is_printed_and_its_file_tells_the_truth(client, maker, settings):
    settings.PRINT_SIZE = 128
    keep(client, png())
    assert run_next()
    work = Artwork.objects.get()
    assert (work.state, work.width, work.height) == (State.PUBLISHED, 128, 128)
    data, _type = make_copy(work, "png")
    provenance = read(data)
    assert provenance is not None and provenance.source == CAPTURED
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
    middle = Image.open(io.BytesIO(png())).crop((20, 0, 140, 120)).resize((128, 128))
    assert np.abs(pixels - np.asarray(middle.convert("RGB"), float)).mean() < 6
