"""Species that another server paints: what is asked for, what comes, and what goes wrong."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.breeding import breed, closeness, sample
from generation.checkpoints import Checkpoint, catalogue
from generation.codecs.image import encode, read_image
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.engine.frames import Priority
from generation.genespaces.remote import read_settings
from generation.genome import Genome, Recipe
from generation.importing.remote import Wish, import_remote
from generation.nets.remote import load, prompt_text
from generation.refusal import Refused
from generation.residency import nets
from generation.yielding import Abandoned, ignore_progress
from tests.generation.fake_servers import OVER, SOON_S, WORKFLOW, Answer, Studio, painted, serve

APIS = ("webui", "comfyui")


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    with serve() as (studio, address):
        monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", f"attic={address}")
        yield studio


@pytest.fixture
def make(studio: Studio, more_checkpoints: Path, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A function that imports a species of an API, and forgets what the import asked for."""

    def make(api: str, workflow: dict[str, Any] = WORKFLOW, **wishes: Any) -> Checkpoint:
        if api == "comfyui":
            file = tmp_path / "workflow.json"
            file.write_text(json.dumps(workflow))
            wishes["workflow"] = file
        else:
            wishes = {"size": 64, "steps": 9} | wishes
        wish = Wish(server="attic", name=api, licence="CC0-1.0", credit="us", **wishes)
        made = import_remote(wish, root=more_checkpoints)
        catalogue(refresh=True)
        studio.calls.clear()
        studio.has_begun.clear()
        return made

    yield make
    nets.release(idle_s=0)


def painting(made: Checkpoint, genome: Genome, **options: Any) -> np.ndarray:
    wanted = {"size": 64, "supersample": 2, "yield_point": ignore_progress}
    return load(made, paint_source=render.paint_source).render(genome, **wanted | options)


def seeded(api: str, *, seed: int, variation: int = 0, strength: float = 0.0) -> Genome:
    founder = sample(api, seed=1, words="a red (fox)")
    genes = np.array([seed, variation, strength, 0], np.float32)
    return Genome(api, founder.digest, genes, prompts=founder.prompts)


@pytest.mark.parametrize("api", APIS)
def test_the_same_genome_gives_the_same_picture_and_another_seed_another(make, api):
    made = make(api)
    first, again, other = (painting(made, seeded(api, seed=seed)) for seed in (7, 7, 8))
    assert first.shape == (64, 64, 3)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_words_seeds_and_numbers_reach_a_web_ui(make, studio):
    made = make("webui", negative="blurry", guidance=5.0)
    genome = seeded("webui", seed=2**24 - 1, variation=5, strength=0.25)
    genome = replace(genome, avoided=(("dogs", 0.5),))
    pixels = painting(made, genome)
    (asked,) = studio.asked("/sdapi/v1/txt2img")
    names = ("prompt", "negative_prompt", "seed", "subseed", "subseed_strength", "cfg_scale")
    facts = ["a red \\(fox\\)", "blurry, (dogs:0.5)", 2**24 - 1, 5, 0.25, 5.0]
    assert [asked[name] for name in names] == facts
    assert (asked["steps"], asked["width"], asked["height"]) == (9, 64, 64)
    assert asked["override_settings"] == {"sd_model_checkpoint": "fox.safetensors [ab12]"}
    assert np.array_equal(pixels, read_image(painted([facts, 9], 64, 64)))


def test_words_seeds_and_numbers_reach_their_places_in_a_workflow(make, studio):
    made = make("comfyui", steps=4, size=128)
    painting(made, replace(seeded("comfyui", seed=77), avoided=(("dogs", 1.0),)))
    graph = studio.asked("/prompt")[0]["prompt"]
    inputs = {key: node["inputs"] for key, node in graph.items()}
    assert inputs["6"]["text"] == "a red \\(fox\\)" and inputs["7"]["text"] == "blurry, dogs"
    assert (inputs["3"]["seed"], inputs["3"]["steps"], inputs["3"]["cfg"]) == (77, 4, 6.0)
    assert (inputs["5"]["width"], inputs["5"]["height"]) == (128, 128)
    assert inputs["4"] == WORKFLOW["4"]["inputs"]


def test_live_frames_are_smaller_only_where_the_card_says_so(make, studio):
    made = make("webui", live_steps=2, live_size=32)
    assert painting(made, seeded("webui", seed=1), supersample=1).shape == (32, 32, 3)
    assert painting(made, seeded("webui", seed=1)).shape == (64, 64, 3)
    assert [one["steps"] for one in studio.asked("/sdapi/v1/txt2img")] == [2, 9]


@pytest.mark.parametrize(("is_old", "samplers", "shown"), [(False, 1, 0.5), (True, 2, 0.25)])
def test_the_steps_of_a_workflow_are_followed(make, studio, is_old, samplers, shown):
    # A second sampler refines what the first one painted.
    refiner = WORKFLOW["3"]["inputs"] | {"latent_image": ["3", 0]}
    second = {"10": {"class_type": "KSampler", "inputs": refiner}} if samplers > 1 else {}
    end = {"class_type": "VAEDecode", "inputs": {"samples": [["3", "10"][samplers - 1], 0]}}
    made = make("comfyui", WORKFLOW | second | {"8": end})
    studio.is_old = is_old
    studio.go.clear()
    seen: list[float] = []

    def watch(progress: float) -> None:
        seen.append(progress)
        if progress >= shown:
            studio.go.set()

    assert painting(made, seeded("comfyui", seed=1), yield_point=watch).shape == (64, 64, 3)
    assert max(seen) == shown


def test_a_server_without_web_sockets_paints_as_well(make, studio):
    studio.has_socket = False
    assert painting(make("comfyui"), seeded("comfyui", seed=1)).shape == (64, 64, 3)


@pytest.mark.parametrize("api", APIS)
def test_a_picture_that_nobody_waits_for_is_stopped_at_the_server(make, studio, api):
    made = make(api)
    studio.go.clear()
    seen: list[float] = []

    def give_up(progress: float) -> None:
        seen.append(progress)
        if progress >= 0.5:
            raise Abandoned

    with pytest.raises(Abandoned):
        painting(made, seeded(api, seed=1), yield_point=give_up)
    assert studio.is_stopped.wait(SOON_S)
    assert max(seen) == 0.5
    # The next picture is painted as if nothing had been.
    assert painting(made, seeded(api, seed=1)).shape == (64, 64, 3)


@pytest.mark.parametrize("api", APIS)
def test_a_server_that_takes_too_long_is_given_up(make, studio, monkeypatch, api):
    made = make(api)
    studio.go.clear()
    monkeypatch.setenv("ARBORETUM_REMOTE_SECONDS", "0.5")
    with pytest.raises(Refused, match="“attic” took too long"):
        painting(made, seeded(api, seed=1))
    assert studio.is_stopped.wait(SOON_S)


def html(path: str) -> Answer:
    return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>Welcome</title>"


def elsewhere(path: str) -> Answer:
    return 302, {"Location": "http://127.0.0.1:1/"}, b""


def busy(path: str) -> Answer:
    return 503, {}, b"<h1>Service unavailable</h1>"


def deep(path: str) -> Answer:
    return 200, {}, b"[" * 100_000


def no_picture(path: str) -> Answer:
    return 200, {}, b'{"images": ["!"], "prompt_id": 5}'


def spoilt(path: str) -> Answer | None:
    if path == "/view":
        return 200, {}, b"\x89PNG\r\n\x1a\nno picture"
    return (200, {}, b'{"images": ["aGVsbG8="]}') if path.endswith("txt2img") else None


def too_much(path: str) -> Answer:
    return 200, {}, bytes(65_000_000)


def missing(path: str) -> Answer:
    return 404, {}, b"nothing here"


def broken(path: str) -> Answer:
    return 500, {}, json.dumps({"error": "ValueError", "errors": "no such\nsampler"}).encode()


def full(path: str) -> Answer:
    error = {"error": "OutOfMemoryError", "errors": "CUDA out of memory. Tried to allocate"}
    return 500, {}, json.dumps(error).encode()


@pytest.mark.parametrize("api", APIS)
def test_what_goes_wrong_at_a_server_is_told_in_a_sentence(make, studio, api):
    made = make(api)
    genome = seeded(api, seed=1)
    cases = [
        (html, "does not answer as a painting server", False),
        (elsewhere, "sends on to another address", False),
        (busy, "is busy", True),
        (deep, "does not answer as", False),
        (no_picture, "does not answer as", False),
        (spoilt, "does not answer as", False),
        (too_much, "which is too much", False),
        (missing, "does not answer as", False),
        (broken, "did not paint this picture: ValueError: no such sampler", False),
        (full, "too little memory on the server “attic”", False),
    ]
    for trouble, sentence, may_retry in cases:
        studio.trouble = trouble
        with pytest.raises(Refused) as refused:
            painting(made, genome)
        assert sentence in refused.value.sentence, trouble.__name__
        assert (refused.value.retry_after is not None) == may_retry, trouble.__name__
    studio.trouble = lambda path: None
    studio.login = f"Basic {base64.b64encode(b'me:secret').decode()}"
    with pytest.raises(Refused, match="password"):
        painting(made, genome)
    studio.login, studio.enlarges = "", 2
    with pytest.raises(Refused, match="128 × 128 pixels instead of 64 × 64"):
        painting(made, genome)


def test_a_picture_of_another_model_is_refused(make, studio):
    made = make("webui")
    studio.model = "sub\\fox.safetensors"  # Some say it with its folder and ending.
    painting(made, seeded("webui", seed=1))
    studio.model = "goose"
    with pytest.raises(Refused, match="lacks the model “fox” and painted with “goose”"):
        painting(made, seeded("webui", seed=1))


@pytest.mark.parametrize(
    ("exception", "sentence"),
    [("ValueError", "It broke. (VAE)"), ("torch.OutOfMemoryError", "too little memory")],
)
def test_a_workflow_that_fails_says_why(make, studio, exception, sentence):
    made = make("comfyui")
    studio.fail_prompts(exception)
    with pytest.raises(Refused) as refused:
        painting(made, seeded("comfyui", seed=1))
    assert sentence in refused.value.sentence and refused.value.retry_after is None


def test_a_server_that_is_gone_is_waited_for_and_one_without_a_name_is_not(make, monkeypatch):
    made = make("webui")
    monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", "attic=http://127.0.0.1:1")
    with pytest.raises(Refused, match="cannot be reached") as refused:
        painting(made, seeded("webui", seed=1))
    assert refused.value.retry_after
    monkeypatch.delenv("ARBORETUM_REMOTE_SERVERS")
    with pytest.raises(Refused, match="No server is called “attic”") as refused:
        painting(made, seeded("webui", seed=1))
    assert refused.value.retry_after is None


def test_a_password_of_the_operator_is_sent(make, studio, monkeypatch):
    made = make("webui")
    studio.login = f"Basic {base64.b64encode(b'me:se cret').decode()}"
    with serve() as (other, address):
        other.login = studio.login
        login = address.replace("http://", "http://me:se%20cret@")
        monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", f"attic={login}")
        assert painting(made, seeded("webui", seed=1)).shape == (64, 64, 3)


@pytest.mark.parametrize("priority", list(Priority))
def test_other_species_are_served_while_a_server_paints(make, studio, priority):
    make("webui")
    engine = LocalEngine(render_batch=render.render_batch, max_batch_size=4)
    try:
        studio.go.clear()
        waiting = engine.submit(seeded("webui", seed=1), size=64, priority=priority)
        assert studio.has_begun.wait(SOON_S)
        second = engine.submit(seeded("webui", seed=2), size=64, priority=priority)
        local = engine.submit(sample("patterns", seed=1), size=32, priority=priority)
        assert local.result(SOON_S).width == 32
        assert not waiting.done() and not second.done()
        studio.go.set()
        painted_ = [future.result(SOON_S).payload for future in (waiting, second)]
        assert painted_[0] != painted_[1]
    finally:
        engine.close()


def test_two_pictures_of_one_server_never_overlap(make, studio):
    made = make("webui")
    studio.go.clear()
    results: list[bytes] = []

    def paint(seed: int) -> None:
        results.append(encode(painting(made, seeded("webui", seed=seed)), "image/png"))

    threads = [threading.Thread(target=paint, args=[seed]) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    assert studio.has_begun.wait(SOON_S)
    time.sleep(0.2)
    assert len(studio.asked("/sdapi/v1/txt2img")) == 1
    studio.go.set()
    for thread in threads:
        thread.join(SOON_S)
    assert len(set(results)) == 2


def test_a_child_has_the_seeds_and_words_of_both_parents(make, studio):
    made = make("webui")
    one, other = (
        sample("webui", seed=seed, words=words) for seed, words in ((1, "fox"), (2, "boat"))
    )
    painting(made, breed([one, other], Recipe(weights=(0.75, 0.25))))
    (asked,) = studio.asked("/sdapi/v1/txt2img")
    assert asked["prompt"] == "fox, (boat:0.33)"
    assert (asked["seed"], asked["subseed"]) == (int(one.genes[0]), int(other.genes[0]))
    assert asked["subseed_strength"] == 0.25


def test_a_work_keeps_away_from_words(make):
    make("webui", guidance=5.0)
    founder = sample("webui", seed=1, words="fox", avoided="dogs")
    assert founder.avoided == (("dogs", 1.0),)


@pytest.fixture
def two_grafts(make) -> Callable[[str], tuple[Genome, Genome, np.ndarray]]:
    """A function: two works of an API over two patterns, and the pictures of these, as floats."""

    def paint(api: str) -> tuple[Genome, Genome, np.ndarray]:
        sources = [sample("patterns", seed=seed) for seed in (1, 2)]
        one, other = (sample(api, seed=3, words="a fox", graft=each) for each in sources)
        pixels = [render.paint_source(each, 64, ignore_progress) for each in sources]
        return one, other, np.stack(pixels).astype(float)

    return paint


def test_a_web_ui_paints_over_a_picture(make, studio, two_grafts):
    made = make("webui")
    one, other, pictures = two_grafts("webui")
    closer = breed([one], Recipe(weights=(1.0,), edits={"graft": 0.5}))
    both = breed([one, other], Recipe(weights=(0.75, 0.25)))
    plain = breed([one, sample("webui", seed=4, words="a fox")], Recipe(weights=(0.5, 0.5)))
    for genome in (one, closer, both, plain):
        painting(made, genome)
    asked = studio.asked("/sdapi/v1/img2img")
    assert [each["denoising_strength"] for each in asked] == [0.5, 0.275, 0.5, 0.75]
    shown = [read_image(base64.b64decode(each["init_images"][0])) for each in asked]
    assert np.array_equal(shown[0], pictures[0]) and np.array_equal(shown[1], pictures[0])
    assert np.abs(shown[2] - (0.75 * pictures[0] + 0.25 * pictures[1])).max() <= 0.5
    assert studio.asked("/sdapi/v1/txt2img") == []
    painting(made, breed([one, seeded("webui", seed=9)], Recipe(weights=(0.0, 1.0))))
    assert len(studio.asked("/sdapi/v1/txt2img")) == 1


def test_a_workflow_that_loads_a_picture_paints_over_any(make, studio, two_grafts):
    made = make("comfyui", OVER, size=64)
    one, _, pictures = two_grafts("comfyui")
    over = painting(made, breed([one], Recipe(weights=(1.0,), edits={"graft": 1.0})))
    plain = painting(made, seeded("comfyui", seed=7))
    assert over.shape == plain.shape == (64, 64, 3)
    graphs = [each["prompt"] for each in studio.asked("/prompt")]
    assert [graph["3"]["inputs"]["denoise"] for graph in graphs] == [0.05, 1.0]
    shown = [read_image(studio.uploads[graph["10"]["inputs"]["image"]]) for graph in graphs]
    assert np.array_equal(shown[0], pictures[0])
    assert np.ptp(shown[1]) == 0  # Where nothing is painted over, the workflow gets a plain one.
    assert closeness(one) == 0.5


@pytest.mark.parametrize("inputs", [{}, {"denoise": ["9", 0]}])
def test_a_workflow_that_cannot_put_a_picture_under_noise_is_grafted_onto_none(make, inputs):
    sampler = {"class_type": "KSampler", "inputs": WORKFLOW["3"]["inputs"] | inputs}
    made = make("comfyui", WORKFLOW | {"3": sampler})
    assert read_settings(made).places.keys() & {"picture", "denoise"} == set()
    with pytest.raises(Refused, match="cannot paint over another picture"):
        sample("comfyui", seed=1, words="fox", graft=sample("patterns", seed=1))


@pytest.mark.parametrize(
    ("prompts", "text"),
    [
        ((("a [red] fox (old)", 1.0),), "a \\[red\\] fox \\(old\\)"),
        ((("fox", 0.5), ("boat", 0.5)), "fox, boat"),
        ((("fox", 0.2), ("boat", 0.8)), "(fox:0.25), boat"),
        ((("fox", 0.001), ("boat", 0.999)), "boat"),
        (
            (("a <lora:x:9> {b|c} __d__ embedding:e AND f", 1.0),),
            "a lora x:9 b c _d_ embedding e and f",
        ),
        ((), ""),
    ],
)
def test_words_of_people_stay_words(prompts, text):
    assert prompt_text(prompts) == text
