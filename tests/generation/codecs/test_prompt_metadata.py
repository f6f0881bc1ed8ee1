"""How pictures of other programs were painted: each program's own format, and whatever else."""

import io
import json
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from generation.codecs.picture_texts import MAX_TEXT, picture_texts
from generation.codecs.prompt_metadata import (
    A1111,
    COMFYUI,
    INVOKEAI,
    SD_NEXT,
    PromptMetadata,
    plain_words,
    read_prompt_metadata,
)
from generation.prompts import MAX_WORDS, clean_words

PARAMETERS = """a (red:1.2) fox, ((oil)) [painting] <lora:brush:.8> BREAK forest \\(deep\\)
second line <lora:ink:0.5:0.7>
Negative prompt: blurry, (bad:1.4) <lora:ugly:1>
Steps: 24, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 18446744073709551615, Size: 640x832, \
Model hash: 6ce0161689, Model: v1-5-pruned, Lora hashes: "brush: a1, ink: b2", Version: v1.9.3"""
FOX = PromptMetadata(
    tool=A1111,
    prompt="a red fox, oil painting forest (deep) second line",
    negative="blurry, bad",
    seed=2**64 - 1,
    steps=24,
    guidance=6.5,
    sampler="DPM++ 2M Karras",
    width=640,
    height=832,
    model="v1-5-pruned",
    model_hash="6ce0161689",
    loras=(("brush", 0.8), ("ink", 0.5)),
)


def png(kind: str = "text", **texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        if kind == "international":
            info.add_itxt(key, text, zip=True)
        else:
            info.add_text(key, text, zip=kind == "packed")
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def with_exif(kind: str, *, comment: bytes = b"", order: str = ">", model: str = "") -> bytes:
    """A picture with a user comment and a plain text in its Exif, as piexif and Pillow write it."""
    exif = Image.Exif()
    exif.endian = order
    if comment:
        exif.get_ifd(0x8769)[0x9286] = comment
    if model:
        exif[0x0110] = model
    buffer = io.BytesIO()
    written = exif.tobytes()
    if order == ">":  # Pillow calls it bytes; piexif, as the standard wants it, undefined.
        written = written.replace(b"\x92\x86\x00\x01", b"\x92\x86\x00\x07")
    Image.new("RGB", (4, 4)).save(buffer, kind, exif=written)
    return buffer.getvalue()


def sampled(**inputs: object) -> dict:
    return {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286,
            "steps": 20,
            "cfg": 8,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1,
            "model": ["10", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
            **inputs,
        },
    }


def node(kind: str, **inputs: object) -> dict:
    return {"class_type": kind, "inputs": inputs}


GRAPH = {
    "3": sampled(),
    "4": node("CheckpointLoaderSimple", ckpt_name="sd15\\v1-5-pruned.safetensors"),
    "5": node("EmptyLatentImage", width=640, height=512, batch_size=1),
    "6": node("CLIPTextEncode", text="a (glass:1.1) bottle", clip=["10", 1]),
    "7": node("CLIPTextEncode", text="text, watermark", clip=["10", 1]),
    "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    "10": node(
        "LoraLoader",
        lora_name="sub/galaxy.safetensors",
        strength_model=0.75,
        strength_clip=1,
        model=["4", 0],
        clip=["4", 1],
    ),
}
BOTTLE = PromptMetadata(
    tool=COMFYUI,
    prompt="a glass bottle",
    negative="text, watermark",
    seed=156680208700286,
    steps=20,
    guidance=8.0,
    sampler="euler",
    width=640,
    height=512,
    model="v1-5-pruned",
    loras=(("galaxy", 0.75),),
)


def read_graph(nodes: dict) -> PromptMetadata | None:
    return read_prompt_metadata(png(prompt=json.dumps(nodes)))


@pytest.mark.parametrize("kind", ["plain", "packed", "international"])
def test_all_text_chunks_of_a_png_tell_the_same(kind):
    assert read_prompt_metadata(png(kind, parameters=PARAMETERS)) == FOX


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("order", "encoding"),
    [(">", "utf-16-be"), ("<", "utf-16-be"), ("<", "utf-16-le"), (">", "utf-16")],
)
def test_the_user_comment_of_exif_is_read_in_any_order_of_bytes(kind, order, encoding):
    comment = b"UNICODE\0" + PARAMETERS.encode(encoding)
    assert read_prompt_metadata(with_exif(kind, comment=comment, order=order)) == FOX


def test_a_camera_that_comments_its_picture_wrote_no_prompt():
    comment = b"ASCII\0\0\0Hello: at the sea, 2024"
    assert read_prompt_metadata(with_exif("JPEG", comment=comment, model="Lens: 50 mm")) is None
    assert read_prompt_metadata(png(Comment="a fox", parameters="only words, nothing else")) is None
    assert read_prompt_metadata(png()) is None


def test_sd_next_is_told_by_its_name():
    text = (
        "a fox\nNegative prompt: \nSteps: 20, Size: 1024x768, Seed: 5, CFG scale: 1.0,"
        ' App: SD.Next, Version: 8b73cb6, Detailer prompt: "eyes, (blue:1.3), Seed: 9",'
        " Model: flux, Model hash: 84"
    )
    found = read_prompt_metadata(png(parameters=text))
    assert found == PromptMetadata(
        SD_NEXT,
        "a fox",
        seed=5,
        steps=20,
        guidance=1.0,
        width=1024,
        height=768,
        model="flux",
        model_hash="84",
    )


@pytest.mark.parametrize(
    ("networks", "loras"),
    [
        ('"ink, felt_v2, ink"', (("ink", 0.4), ("felt_v2", 1.0))),
        ("felt_v2", (("ink", 0.4), ("felt_v2", 1.0))),
    ],
)
def test_sd_next_names_its_loras_in_a_setting_of_their_own(networks, loras):
    text = (
        "a fox <lora:ink:0.4>\nSteps: 20, Seed: 5, App: SD.Next,"
        f' LoRA networks: {networks}, LoRA hashes: "6a, 7b"'
    )
    found = read_prompt_metadata(png(parameters=text))
    assert found is not None and (found.prompt, found.loras) == ("a fox", loras)


def test_a_net_with_distilled_guidance_says_that_one():
    text = "a fox\nSteps: 20, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 5, Version: f2.0.1"
    found = read_prompt_metadata(png(parameters=text))
    assert found is not None and found.guidance == 3.5


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("((a)), [b], {c}", "a, b, c"),
        ("[oak:ash:0.5] tree, [cow|horse]", "oak, ash tree, cow horse"),
        ("a \\(film\\), 16:9", "a (film), 16:9"),
        ("(blue sky)1.3 over hills++, far-off", "blue sky over hills, far-off"),
        (" ,, a ,, b\u200b\x07\ud800 ,", "a, b"),
        ("()[]{}||", ""),
    ],
)
def test_prompts_keep_their_words_and_lose_their_signs(written, plain):
    assert plain_words(written) == plain


def test_comfyui_is_read_along_the_links_of_its_graph():
    assert read_graph(GRAPH) == BOTTLE


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_comfyui_names_its_texts_in_plain_exif(kind):
    assert read_prompt_metadata(with_exif(kind, model="prompt:" + json.dumps(GRAPH))) == BOTTLE


def test_the_first_of_two_samplers_and_values_of_other_nodes_count():
    nodes = GRAPH | {
        "5": node("EmptyLatentImage", width=["20", 0], height=512, batch_size=1),
        "6": node("CLIPTextEncode", text=["21", 0], clip=["10", 1]),
        "20": node("PrimitiveInt", value=640),
        "21": node("StringConcatenate", string_a="a (glass:1.1)", string_b=["22", 0], delimiter=""),
        "22": node("Reroute (rgthree)", **{"": ["23", 0]}),
        "23": node("PrimitiveString", value="bottle"),
        "30": node("LatentUpscale", samples=["3", 0], width=1280, height=1024),
        "31": {
            "class_type": "KSamplerAdvanced",
            "inputs": {
                "noise_seed": 4,
                "steps": 9,
                "cfg": 3,
                "sampler_name": "lms",
                "model": ["4", 0],
            }
            | {"positive": ["6", 0], "negative": ["7", 0], "latent_image": ["30", 0]},
        },
        "8": node("VAEDecode", samples=["31", 0], vae=["4", 2]),
    }
    found = read_graph(nodes)
    assert found is not None
    assert (found.seed, found.steps, found.width, found.sampler) == (BOTTLE.seed, 20, 640, "euler")
    assert found.prompt == "a glass, bottle"


def test_the_guider_of_a_flux_graph_is_followed():
    found = read_graph(
        {
            "6": node(
                "CLIPTextEncodeFlux", clip_l="a fox", t5xxl="a red fox at dusk", guidance=3.5
            ),
            "7": node("ControlNetApplyAdvanced", positive=["6", 0], negative=["33", 0], strength=1),
            "33": node("ConditioningZeroOut", conditioning=["6", 0]),
            "8": node("VAEDecode", samples=["13", 0], vae=["10", 0]),
            "9": node("SaveImage", filename_prefix="x", images=["8", 0]),
            "11": node(
                "Power Lora Loader (rgthree)",
                model=["12", 0],
                lora_1={"on": True, "lora": "a/oil.safetensors", "strength": 0.6},
                lora_2={"on": False, "lora": "b.safetensors", "strength": 1},
            ),
            "12": node("UNETLoader", unet_name="flux1-dev.sft", weight_dtype="default"),
            "13": node(
                "SamplerCustomAdvanced",
                noise=["25", 0],
                guider=["22", 0],
                sampler=["16", 0],
                sigmas=["18", 0],
                latent_image=["27", 0],
            ),
            "16": node("KSamplerSelect", sampler_name="deis"),
            "17": node("BasicScheduler", scheduler="simple", steps=28, denoise=1, model=["11", 0]),
            "18": node("SplitSigmas", sigmas=["17", 0], step=3),
            "22": node("CFGGuider", model=["11", 0], positive=["7", 0], negative=["7", 1], cfg=1),
            "25": node("RandomNoise", noise_seed=219670278747233),
            "27": node("EmptySD3LatentImage", width=1024, height=768, batch_size=1),
        }
    )
    assert found == PromptMetadata(
        COMFYUI,
        "a fox, a red fox at dusk",
        "",
        219670278747233,
        28,
        3.5,
        "deis",
        1024,
        768,
        "flux1-dev",
        "",
        (("oil", 0.6),),
    )


def test_a_workflow_without_its_graph_is_read_too():
    def drawn(number: int, kind: str, values: list, **links: int) -> dict:
        inputs = [{"name": name, "type": "X", "link": link} for name, link in links.items()]
        return {"id": number, "type": kind, "mode": 0, "inputs": inputs, "widgets_values": values}

    nodes = [
        drawn(3, "KSampler", [156680208700286, "randomize", 20, 8, "euler", "normal", 1],
              model=1, positive=2, negative=3, latent_image=4),
        drawn(4, "CheckpointLoaderSimple", ["sd15\\v1-5-pruned.safetensors"]),
        drawn(5, "EmptyLatentImage", [640, 512, 1]),
        drawn(6, "CLIPTextEncode", ["a (glass:1.1) bottle"], clip=7),
        drawn(7, "CLIPTextEncode", ["text, watermark"], clip=7),
        drawn(9, "SaveImage", ["ComfyUI"], images=5),
        drawn(10, "LoraLoader", ["galaxy.safetensors", 0.75, 1], model=6),
        drawn(11, "LoraLoader", ["off.safetensors", 1, 1], model=8) | {"mode": 4},
        drawn(12, "Reroute", [], **{"": 9}),
    ]  # fmt: skip
    ends = {1: 11, 2: 6, 3: 12, 4: 5, 5: 3, 6: 4, 7: 4, 8: 10, 9: 7}
    links = [[number, start, 0, 0, 0, "X"] for number, start in ends.items()]
    text = json.dumps({"last_node_id": 12, "nodes": nodes, "links": links, "version": 0.4})
    assert read_prompt_metadata(png(workflow=text)) == BOTTLE


def test_invokeai_of_all_ages_is_read():
    newer = {
        "positive_prompt": "a cabin++, (autumn)1.2", "negative_prompt": "blurry", "width": 1024,
        "height": 768, "seed": 27, "cfg_scale": 5.5, "steps": 30, "scheduler": "euler_a",
        "model": {"key": "k", "hash": "blake3:aa", "name": "juggernaut", "base": "sdxl"},
        "loras": [{"model": {"name": "detail"}, "weight": 0.6},
                  {"lora": {"model_name": "old", "base_model": "sd-1"}, "weight": 0.5}],
    }  # fmt: skip
    assert read_prompt_metadata(png(invokeai_metadata=json.dumps(newer))) == PromptMetadata(
        INVOKEAI,
        "a cabin, autumn",
        "blurry",
        27,
        30,
        5.5,
        "euler_a",
        1024,
        768,
        "juggernaut",
        "blake3:aa",
        (("detail", 0.6), ("old", 0.5)),
    )
    robot = PromptMetadata(INVOKEAI, "a robot", "blurry, text", 16, 50, 7.5, "k_lms", 512, 640)
    old = {
        "model": "stable diffusion", "model_weights": "sd-1.5", "model_hash": "cc6c",
        "image": {"prompt": [{"prompt": "a robot [blurry, text]", "weight": 1}], "steps": 50,
                  "cfg_scale": 7.5, "height": 640, "width": 512, "seed": 16, "sampler": "k_lms"},
    }  # fmt: skip
    found = read_prompt_metadata(png(**{"sd-metadata": json.dumps(old)}))
    assert found == PromptMetadata(**vars(robot) | {"model": "sd-1.5", "model_hash": "cc6c"})
    dream = '"a robot [blurry, text]" -s 50 -S 16 -W 512 -H 640 -C 7.5 -A k_lms'
    assert read_prompt_metadata(png(Dream=dream)) == robot


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_texts_that_unpack_without_end_are_cut():
    bomb = b"parameters\0\0" + zlib.compress(bytes(50_000_000))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"zTXt", bomb) * 3
    texts = picture_texts(file)
    assert sum(len(text) for text in texts.values()) <= MAX_TEXT
    assert read_prompt_metadata(file) is None


def test_texts_before_damage_are_read_and_the_damaged_one_is_not():
    whole = png(parameters=PARAMETERS)
    end = whole.index(b"Version: v1.9.3")
    assert read_prompt_metadata(whole[:-20]) == FOX
    assert read_prompt_metadata(whole[:end]) is None


def deep(levels: int) -> str:
    return '{"prompt": ' + "[" * levels + "]" * levels + "}"


BOMBS = {
    "depth": ("prompt", deep(40_000)),
    "brackets": ("prompt", deep(1_000_000)),
    "digits": ("invokeai_metadata", '{"seed": ' + "9" * 100_000 + "}"),
    "links": ("workflow", '{"links": [[1, ' + "[" * 900 + "]" * 900 + ", 0]], "
              '"nodes": [{"type": "KSampler", "id": [[]]}]}'),
    "letters": ("parameters", "a" * 100_000 + "\nSteps: 2, Seed: 3"),
    "spaces": ("parameters", ":" + " " * 99_000 + ")" + "\nSteps: 2, Seed: 3"),
    "brackets of words": ("parameters", "[(<" * 33_000 + "\nSteps: 2, Seed: 3"),
    "commas": ("parameters", " , " * 33_000 + "\nSteps: 2, Seed: 3"),
    "quotes": ("parameters", "a\n" + 'k:"' * 30_000 + "Steps: 2, Seed: 3"),
    "circle": ("prompt", json.dumps({
        "1": sampled(positive=["2", 0], model=["2", 0], latent_image=["1", 0], seed=["2", 0]),
        "2": node("Loop", model=["2", 0], text=["1", 0], seed=["3", 0]),
        "3": node("Loop", seed=["2", 0]),
    })),
    "fan": ("prompt", json.dumps(
        {"s": sampled(**{f"latent{n}": ["0", 0] for n in range(9_000)})}
        | {str(n): node("SaveLatent", samples=[str(n + 1), 0]) for n in range(9_000)}
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_texts_made_to_keep_a_reader_busy_do_not(name):
    key, text = BOMBS[name]
    found = read_prompt_metadata(png(**{key: text}))
    assert found is None or len(found.prompt) <= MAX_WORDS


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["3", "6", "KSampler", "nan", "1e999", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([
        "class_type", "inputs", "positive", "model", "seed", "text", "nodes", "links", "type", "id",
        "image", "prompt", "loras", "weight", "width", "lora_name", "guider", "name", "link", "3",
    ]), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    key=st.sampled_from(["prompt", "workflow", "invokeai_metadata", "sd-metadata"]),
    place=st.sampled_from(["seed", "positive", "model", "latent_image", "guider", "3"]),
    odd=ODD,
)
def test_values_of_any_type_raise_nothing_and_words_come_clean(key, place, odd):
    samples = sampled(**{place: odd}) if place != "3" else odd
    newer = {"positive_prompt": odd, "seed": odd, "model": odd, "loras": [odd, {"model": odd}]}
    drawn = {"nodes": [{"type": "KSampler", "id": 3, "widgets_values": odd, "inputs": odd}, odd]}
    data = {"prompt": GRAPH | {"3": samples}, "workflow": drawn | {"links": [odd, [1, odd, odd]]}}
    data |= {"invokeai_metadata": newer, "sd-metadata": {"image": odd, "model_weights": odd}}
    for text in (json.dumps(data[key]), json.dumps(odd)):
        check_clean(read_prompt_metadata(png(**{key: text})))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), cut=st.integers(0, 400), comment=st.binary(max_size=60))
def test_any_words_and_any_bytes_raise_nothing(text, cut, comment):
    text = text.encode("utf-8", "replace").decode()
    written = f"{text}\nNegative prompt: {text}\nSteps: 3, Seed: 4, Model: {text}"
    found = read_prompt_metadata(png("international", parameters=written))
    check_clean(found)
    file = with_exif("WEBP", comment=comment + b"\0", model="prompt:" + "x" * cut)
    check_clean(read_prompt_metadata(file[:cut] + comment + file[cut:]))


def check_clean(found: PromptMetadata | None) -> None:
    if found is None:
        return
    names = [name for name, _ in found.loras]
    for words in (found.prompt, found.negative, found.sampler, found.model, *names):
        assert words == "" or clean_words(words) == words
    assert found.seed is None or 0 <= found.seed < 2**64
