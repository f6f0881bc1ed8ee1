"""Hostile pickles: none of them runs anything, and each gets a sentence."""

import io
import os
import pickle
import pickletools
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.importing.modules import NAMES
from generation.importing.pickle_data import Made, read_pickle
from generation.importing.stylegan import read_network
from generation.refusal import Refused

PROTOCOL = b"\x80\x04"


def text(value: str) -> bytes:
    encoded = value.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def named(whole: str) -> bytes:
    module, _, name = whole.rpartition(".")
    return text(module) + text(name) + b"\x93"


def calling(whole: str, *arguments: str) -> bytes:
    """A pickle that calls what it names with texts."""
    return PROTOCOL + named(whole) + b"(" + b"".join(map(text, arguments)) + b"tR."


def touch(marker: Path) -> str:
    return f"{sys.executable} -c \"open({str(marker)!r}, 'w')\""


def write(marker: Path) -> str:
    return f"open({str(marker)!r}, 'w')"


def storage_holding(content: bytes) -> bytes:
    """A snapshot whose one tensor has that content as its storage."""
    mapping = b"}" + text("w_avg") + named("torch._utils._rebuild_tensor_v2")
    mapping += b"(" + named("torch.storage._load_from_bytes")
    mapping += b"B" + struct.pack("<I", len(content)) + content + b"\x85R"
    mapping += b"K\x00K\x04\x85K\x01\x85\x89NtRs"
    fields = b"}" + text("_buffers") + mapping + b"s"
    for name, value in (("z_dim", 4), ("c_dim", 0), ("w_dim", 4), ("num_ws", 4), ("num_layers", 1)):
        fields += text(name) + b"K" + bytes([value]) + b"s"
    modules = b"}" + text("_modules") + b"}" + text("mapping") + fields + b"s"
    return PROTOCOL + modules + text("synthesis") + b"}ss."


def tensor(shape: tuple[int, ...], strides: tuple[int, ...], *, count: int = 4) -> bytes:
    """A snapshot with a tensor of a storage of four numbers that claims a shape."""
    inner = b"\x80\x02N.\x80\x02N.\x80\x02N.\x80\x02(" + text("storage") + b"ctorch\nFloatStorage\n"
    inner += text("0") + text("cpu") + b"K\x04NtQ.\x80\x02]."
    inner += struct.pack("<q", count) + bytes(16)
    whole = storage_holding(inner)
    claimed = b"".join(
        b"(" + b"".join(b"\x8a\x08" + struct.pack("<q", one) for one in numbers) + b"t"
        for numbers in (shape, strides)
    )
    return whole.replace(b"K\x00K\x04\x85K\x01\x85\x89N", b"K\x00" + claimed + b"\x89N")


# Functions that pickles were seen to call, or that run what they are given.
CALLED: dict[str, Callable[[Path], bytes]] = {
    "os.system": lambda marker: calling("os.system", touch(marker)),
    "posix.system": lambda marker: calling("posix.system", touch(marker)),
    "nt.system": lambda marker: calling("nt.system", touch(marker)),
    "os.popen": lambda marker: calling("os.popen", touch(marker)),
    "os.execv": lambda marker: calling("os.execv", "/bin/sh", touch(marker)),
    "subprocess.Popen": lambda marker: calling("subprocess.Popen", touch(marker)),
    "subprocess.check_output": lambda marker: calling("subprocess.check_output", touch(marker)),
    "subprocess.getoutput": lambda marker: calling("subprocess.getoutput", touch(marker)),
    "builtins.eval": lambda marker: calling("builtins.eval", write(marker)),
    "builtins.exec": lambda marker: calling("builtins.exec", write(marker)),
    "__builtin__.eval": lambda marker: calling("__builtin__.eval", write(marker)),
    "builtins.compile": lambda marker: calling("builtins.compile", write(marker), "x", "exec"),
    "builtins.open": lambda marker: calling("builtins.open", str(marker), "w"),
    "io.open": lambda marker: calling("io.open", str(marker), "w"),
    "builtins.getattr": lambda marker: calling("builtins.getattr", "", "join"),
    "builtins.__import__": lambda marker: calling("builtins.__import__", "antigravity"),
    "importlib.import_module": lambda marker: calling("importlib.import_module", "this"),
    "runpy.run_path": lambda marker: calling("runpy.run_path", str(marker)),
    "runpy._run_code": lambda marker: calling("runpy._run_code", write(marker)),
    "pty.spawn": lambda marker: calling("pty.spawn", touch(marker)),
    "timeit.timeit": lambda marker: calling("timeit.timeit", write(marker)),
    "cProfile.run": lambda marker: calling("cProfile.run", write(marker)),
    "pdb.run": lambda marker: calling("pdb.run", write(marker)),
    "code.interact": lambda marker: calling("code.interact"),
    "shutil.rmtree": lambda marker: calling("shutil.rmtree", str(marker.parent)),
    "pathlib.Path": lambda marker: calling("pathlib.Path", str(marker)),
    "ctypes.CDLL": lambda marker: calling("ctypes.CDLL", "libc.so.6"),
    "pickle.loads": lambda marker: calling("pickle.loads", "cos\nsystem\n"),
    "_pickle.loads": lambda marker: calling("_pickle.loads", "cos\nsystem\n"),
    "marshal.loads": lambda marker: calling("marshal.loads", "c"),
    "types.FunctionType": lambda marker: calling("types.FunctionType", write(marker)),
    "functools.partial": lambda marker: calling("functools.partial", touch(marker)),
    "operator.methodcaller": lambda marker: calling("operator.methodcaller", "system"),
    "codecs.decode": lambda marker: calling("codecs.decode", "x", "zip"),
    "urllib.request.urlopen": lambda marker: calling("urllib.request.urlopen", "http://[::1]/"),
    "webbrowser.open": lambda marker: calling("webbrowser.open", "http://[::1]/"),
    "socket.create_connection": lambda marker: calling("socket.create_connection", "::1"),
    "torch.load": lambda marker: calling("torch.load", str(marker)),
    "torch.hub.load": lambda marker: calling("torch.hub.load", "someone/something", "net"),
    "torch.jit.load": lambda marker: calling("torch.jit.load", str(marker)),
    "numpy.load": lambda marker: calling("numpy.load", str(marker)),
    "numpy.testing.runstring": lambda marker: calling(
        "numpy.testing._private.utils.runstring", write(marker)
    ),
    "dnnlib.util.open_url": lambda marker: calling("dnnlib.util.open_url", "http://[::1]/"),
    "dnnlib.util.call_func_by_name": lambda marker: calling(
        "dnnlib.util.call_func_by_name", touch(marker), "os.system"
    ),
    "torch_utils.persistence._src_to_module": lambda marker: calling(
        "torch_utils.persistence._src_to_module", write(marker)
    ),
    "dnnlib.tflib.network.Network": lambda marker: calling("dnnlib.tflib.network.Network", "G"),
}

# Ways around a list of names, and ways to be expensive.
TRICKS: dict[str, Callable[[Path], bytes]] = {
    "a path through what may be named": lambda marker: (
        PROTOCOL + text("torch._utils") + text("_rebuild_tensor_v2.__globals__") + b"\x93."
    ),
    "a name of the first protocol": lambda marker: (
        b"cos\nsystem\n(V" + touch(marker).encode() + b"\ntR."
    ),
    "an instance of the first protocol": lambda marker: (
        b"(V" + touch(marker).encode() + b"\nios\nsystem\n."
    ),
    "an object of the first protocol": lambda marker: (
        b"(cos\nsystem\nV" + touch(marker).encode() + b"\no."
    ),
    "a registered extension": lambda marker: PROTOCOL + b"\x82\x01.",
    "a new object of a function": lambda marker: (
        PROTOCOL + named("os.system") + text(touch(marker)) + b"\x85\x81."
    ),
    "a new object with keywords": lambda marker: (
        PROTOCOL + named("collections.OrderedDict") + b")}" + text("a") + text("b") + b"s\x92."
    ),
    "a persistent id": lambda marker: PROTOCOL + text(touch(marker)) + b"Q.",
    "a persistent id of the first protocol": lambda marker: b"Pos.system\n.",
    "a call of what a call made": lambda marker: (
        PROTOCOL + named("collections.OrderedDict") + b")R" + text(touch(marker)) + b"\x85R."
    ),
    "a call of a text": lambda marker: PROTOCOL + text("os.system") + text("ls") + b"\x85R.",
    "arguments that are no tuple": lambda marker: (
        PROTOCOL + named("collections.OrderedDict") + b"]R."
    ),
    "a state for a class": lambda marker: (
        PROTOCOL
        + named("dnnlib.util.EasyDict")
        + b"}"
        + text("__setstate__")
        + named("builtins.set")
        + b"sb."
    ),
    "a state for a function": lambda marker: (
        PROTOCOL + named("torch._utils._rebuild_parameter") + b"}" + text("__code__") + b"Nsb."
    ),
    "a state that replaces methods": lambda marker: (
        PROTOCOL
        + named("dnnlib.util.EasyDict")
        + b")R}"
        + text("__reduce__")
        + named("builtins.set")
        + b"sb."
    ),
    "a storage with a pickle of its own": lambda marker: storage_holding(
        b"\x80\x02cposix\nsystem\n" + text(touch(marker)) + b"\x85R."
    ),
    "a storage that names no storage": lambda marker: storage_holding(
        b"\x80\x02N." * 3 + b"\x80\x02(" + text("storage") + b"cbuiltins\neval\ntQ."
    ),
    "a module whose source is code": lambda marker: (
        PROTOCOL
        + named("torch_utils.persistence._reconstruct_persistent_obj")
        + b"}("
        + text("module_src")
        + text(write(marker))
        + text("class_name")
        + text("G")
        + text("state")
        + b"}u\x85R."
    ),
    "a huge number in the memo": lambda marker: PROTOCOL + b"Nr\xff\xff\xff\xff.",
    "a text as long as the world": lambda marker: PROTOCOL + b"\x8d" + b"\xff" * 7 + b"\x7f.",
    "bytes as long as the world": lambda marker: PROTOCOL + b"\x8e" + b"\xff" * 7 + b"\x7f.",
    "a byte array": lambda marker: b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b".",
    "a buffer outside": lambda marker: b"\x80\x05\x97.",
    "a frame as long as the world": lambda marker: PROTOCOL + b"\x95" + b"\xff" * 8 + b"N.",
    "a number of two gigabytes": lambda marker: PROTOCOL + b"\x8b\xff\xff\xff\x7f.",
    "a number of many digits": lambda marker: b"I" + b"9" * 10_000 + b"\n.",
    "a billion laughs": lambda marker: PROTOCOL + b"]" + b"2\x86" * 60 + b".",
    "a billion laughs as a key": lambda marker: PROTOCOL + b"})" + b"2\x86" * 60 + b"Ns.",
    "many lists in each other": lambda marker: PROTOCOL + b"]" * 200_000 + b"a" * 199_999 + b".",
    "a list in itself": lambda marker: PROTOCOL + b"]\x94h\x00a.",
    "a module in itself": lambda marker: (
        PROTOCOL
        + b"}\x94"
        + text("_modules")
        + b"}("
        + text("mapping")
        + b"h\x00"
        + text("synthesis")
        + b"h\x00us."
    ),
    "many marks": lambda marker: PROTOCOL + b"(" * 200_000 + b".",
    "more parts than a network has": lambda marker: PROTOCOL + b"N0" * 600_000 + b"N.",
    "an empty stack": lambda marker: PROTOCOL + b"0000.",
    "a huge array of four numbers": lambda marker: tensor((2**20, 2**20), (0, 0)),
    "an array beyond its storage": lambda marker: tensor((4,), (2**40,)),
    "an array before its storage": lambda marker: tensor((4,), (-8,)),
    "a storage that claims more numbers": lambda marker: tensor((4,), (1,), count=2**40),
    "a storage that claims less than none": lambda marker: tensor((4,), (1,), count=-1),
}
HOSTILE = CALLED | TRICKS


def test_there_are_at_least_fifty():
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_pickle_runs_nothing_and_gets_a_sentence(
    tmp_path: Path, trick: str, monkeypatch: pytest.MonkeyPatch
):
    marker = tmp_path / "marker"
    content = HOSTILE[trick](marker)
    before = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused) as refusal:
        read_network(read_pickle(io.BytesIO(content), may_name=NAMES))
    assert refusal.value.sentence.endswith(".") and len(refusal.value.sentence) < 200
    assert os.listdir(tmp_path) == []
    assert set(sys.modules) == before, "A module was imported."


@pytest.mark.parametrize("called", ["posix.system", "builtins.eval", "builtins.open"])
def test_the_same_pickles_do_run_in_the_reader_of_python(tmp_path: Path, called: str):
    marker = tmp_path / "marker"
    pickle.loads(CALLED[called](marker))
    assert marker.exists()


@pytest.mark.parametrize("called", [name for name in CALLED if "tflib" not in name])
def test_what_is_refused_is_told_by_its_name(tmp_path: Path, called: str):
    content = CALLED[called](tmp_path / "marker")
    with pytest.raises(Refused, match=f"asks for “{called.rpartition('.')[0]}"):
        read_pickle(io.BytesIO(content), may_name=NAMES)


def test_a_network_of_the_tensorflow_version_is_told_how_to_go_on(tmp_path: Path):
    with pytest.raises(Refused, match=r"TensorFlow version.*legacy\.py"):
        read_pickle(io.BytesIO(CALLED["dnnlib.tflib.network.Network"](tmp_path)), may_name=NAMES)


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_are_read_as_python_reads_them(protocol: int):
    value = {
        "texts": ["", "Ångström", "x" * 300],
        "numbers": (0, -1, 255, 70_000, 2**40, -(2**80), 1.5, float("inf")),
        "others": [True, False, None, (), (1,), (1, 2), {}, {"a": {"b": [1]}}],
        3: "a key that is a number",
    }
    content = pickle.dumps(value, protocol=protocol)
    assert read_pickle(io.BytesIO(content), may_name=()) == value


def test_bytes_are_read_in_old_and_new_spellings():
    for protocol in (2, 3, 4):
        content = pickle.dumps([b"\x00\xff" * 200], protocol=protocol)
        assert read_pickle(io.BytesIO(content), may_name={"_codecs.encode"}) == [b"\x00\xff" * 200]


def test_what_would_be_called_is_only_noted_down():
    content = pickletools.optimize(
        pickle.dumps(pytest.importorskip("collections").OrderedDict(a=1))
    )
    made = read_pickle(io.BytesIO(content), may_name={"collections.OrderedDict"})
    assert isinstance(made, Made) and made.by == "collections.OrderedDict"
    assert made.items == {"a": 1}
