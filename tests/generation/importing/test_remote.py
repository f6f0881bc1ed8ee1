"""Making species of what servers paint: what becomes one, and what is refused without a trace."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generation.checkpoints import read_checkpoint
from generation.genespaces.remote import read_settings, remote_space
from generation.importing.remote import Wish, import_remote
from generation.refusal import Refused
from tests.generation.fake_servers import WORKFLOW, Studio, serve

WEB_UI = Wish("attic", "Night Dreams", "CC0-1.0", "us", steps=2, size=64)


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    with serve() as (studio, address):
        monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", f"attic={address}")
        yield studio


def refusal(wish: Wish, root: Path) -> str:
    """The sentence that an import is refused with; nothing may be left of it."""
    with pytest.raises(Refused) as refused:
        import_remote(wish, root=root)
    assert not root.exists() or list(root.iterdir()) == []
    return refused.value.sentence


def comfy(folder: Path, workflow: Any = None, **wishes: Any) -> Wish:
    """A wish for a species of a workflow."""
    file = folder / "flow.json"
    file.write_text(json.dumps(WORKFLOW if workflow is None else workflow))
    return Wish("attic", "Flow", "CC0-1.0", "us", workflow=file, **wishes)


def changed(**inputs: dict[str, Any]) -> dict[str, Any]:
    """The workflow with other inputs of nodes, given as n6={"text": ...}."""
    workflow = copy.deepcopy(WORKFLOW)
    for key, values in inputs.items():
        workflow.setdefault(key[1:], {"class_type": "Text", "inputs": {}})["inputs"] |= values
    return workflow


def test_a_web_ui_becomes_a_species_of_the_model_that_it_has_loaded(studio, tmp_path):
    made = import_remote(WEB_UI, root=tmp_path / "species")
    assert made.is_available and made.terms.is_exact is False
    assert (made.card["server"], made.card["size"]) == ("attic", 64)
    assert "127.0.0.1" not in "".join(
        path.read_text() for path in made.folder.iterdir() if path.suffix == ".json"
    )
    settings = read_settings(made)
    assert (settings.model_name, settings.steps, settings.guidance) == ("fox", 2, 7.0)
    assert (made.folder / "samples.png").is_file()
    assert [path.name for path in (tmp_path / "species").iterdir()] == ["night-dreams"]


def test_a_workflow_becomes_a_species_with_what_it_says(studio, tmp_path):
    studio.enlarges = 2
    made = import_remote(comfy(tmp_path, live_size=32), root=tmp_path / "species")
    settings = read_settings(made)
    assert (settings.steps, settings.size, settings.guidance) == (9, 64, 6.0)
    assert (settings.edge, settings.live_edge) == (128, 64)
    assert list(settings.places["positive"]) == [["6", "text"]]
    assert settings.has_variation is False
    assert [slider.key for slider in remote_space(made).sliders] == ["guidance"]
    # Another workflow is another species, the name of the server is not.
    other = comfy(tmp_path, changed(n3={"sampler_name": "lms"}), live_size=32)
    assert import_remote(other, root=tmp_path / "others").digest != made.digest
    card = json.loads((made.folder / "card.json").read_text())
    (made.folder / "card.json").write_text(json.dumps(card | {"server": "cellar"}))
    assert read_checkpoint(made.folder).digest == made.digest


def test_marks_in_a_workflow_go_before_what_is_found(studio, tmp_path):
    workflow = changed(
        n6={"text": ["20", 0]},
        n20={"text": "oil on canvas, %prompt%, %prompt%", "second": "best"},
        n3={"seed": "%seed%"},
        n21={"noise": "%variation_seed%", "part": "%variation_strength%"},
    )
    made = import_remote(comfy(tmp_path, workflow), root=tmp_path / "species")
    graph = studio.asked("/prompt")[0]["prompt"]
    words = graph["20"]["inputs"]["text"]
    assert words.startswith("oil on canvas, a") and words.count("%") == 0
    assert graph["3"]["inputs"]["seed"] == 0
    assert graph["21"]["inputs"] == {"noise": 0, "part": 0.0}
    assert read_settings(made).has_variation is True


@pytest.mark.parametrize(
    ("workflow", "wishes", "sentence"),
    [
        ({"nodes": [], "links": []}, {}, "Export (API)"),
        ([1], {}, "Export (API)"),
        ({}, {}, "Export (API)"),
        (changed(n6={"text": 5}), {}, "takes its prompt. Write %prompt% there"),
        (changed(n3={"seed": ["9", 0]}), {}, "takes its seed. Write %seed% there"),
        (changed(n6={"text": "a", "text_2": "b"}), {}, "several texts. Write %prompt%"),
        (changed(n5={"height": 128}), {}, "Pictures here are square"),
        (changed(n5={"width": ["4", 0], "height": ["4", 0]}), {"size": 64}, "takes its width"),
        (changed(n4={"ckpt_name": "goose"}), {}, "Value not in list: ckpt_name: 'goose' not in"),
        (changed(n5={"width": 1e999, "height": 1e999}), {"steps": 0}, "steps must be from 1"),
        (None, {"sampler": "lms"}, "names its own model and sampler"),
        (changed(n3={"negative": ["4", 0]}), {"negative": "text"}, "Write %negative% there"),
        (None, {"steps": 0}, "steps must be from 1"),
        (None, {"size": 30}, "multiple of 8"),
        (None, {"guidance": 99.0}, "guidance must be from 1"),
        (None, {"name": "梦"}, "is no key of a species"),
        (None, {"server": "cellar"}, "No server is called “cellar”"),
        (None, {"workflow": Path("/no/such.json")}, "There is no"),
    ],
)
def test_what_is_wrong_with_a_workflow_is_said_in_a_sentence(
    studio, tmp_path, workflow, wishes, sentence
):
    wish = replace(comfy(tmp_path, workflow), **wishes)
    assert sentence in refusal(wish, tmp_path / "species")


def test_what_a_web_ui_lacks_is_said_and_leaves_nothing(studio, tmp_path):
    root = tmp_path / "species"
    assert "lacks the model “goose”; it has fox" in refusal(replace(WEB_UI, model="goose"), root)
    studio.trouble = lambda path: (200, {}, b"<html>") if "options" in path else None
    assert "does not answer as a painting server" in refusal(WEB_UI, root)
    first = import_remote(replace(WEB_UI, model="fox"), root=root)
    with pytest.raises(Refused, match="already"):
        import_remote(WEB_UI, root=root)
    assert read_checkpoint(first.folder).is_available
