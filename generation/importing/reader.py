"""Reads a StyleGAN pickle in a process of its own, which has little memory and time.

Nothing in the pickle is ever run (`pickle_data`); the limits are for files that only want to be
expensive. The child writes what it read as safetensors and a JSON file, never as a pickle.
"""

import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import save_file

import generation
from generation.card import WEIGHTS
from generation.genespaces.stylegan import MAPPING
from generation.importing.modules import NAMES
from generation.importing.pickle_data import read_pickle
from generation.importing.stylegan import read_network
from generation.refusal import Refused

if sys.platform != "win32":
    import resource

MAX_BYTES = 4 * 2**30
SPARE_BYTES = 2**30  # Memory beside the copies of the file.
COPIES = 4  # Of the file in memory: its bytes, its strings, tensors, tensors with their gains.
MAX_SECONDS = 300
FACTS = "network.json"


def read_in_child(
    file: Path, folder: Path, *, spare_bytes: int = SPARE_BYTES, seconds: float = MAX_SECONDS
) -> dict[str, Any]:
    """Read the network in a pickle and write its tensors to a folder.

    spare_bytes: the memory of the child, beside COPIES of the file. seconds: of processor time; it
    may take twice as many on the clock. Returns its `architecture` and `net`, the configuration for
    the card. Raises Refused with a sentence when the file is no such network, is damaged, or asks
    for too much memory or time.
    """
    _check_file(file)
    memory = spare_bytes + COPIES * file.stat().st_size
    places = [str(file.resolve()), str(folder.resolve())]
    command = [sys.executable, "-m", __name__, *places, str(memory), str(math.ceil(seconds))]
    root = Path(generation.__file__).parent.parent
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, timeout=2 * seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("Reading this file takes too long, as no network does.") from error
    if done.returncode:
        raise _refusal(done.stdout)
    facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    (folder / FACTS).unlink()
    return facts


def _check_file(file: Path) -> None:
    """Raise Refused for what is no file, or too large, or of a well-known other kind."""
    if not file.is_file():
        raise Refused("There is no file “{name}”.", name=str(file)[:200])
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise Refused(
            "This file has {size:.1f} GB; at most {most:.0f} GB can be read.",
            size=size / 1e9,
            most=MAX_BYTES / 1e9,
        )
    with file.open("rb") as opened:
        beginning = opened.read(4)
    if beginning == b"PK\x03\x04":
        raise Refused(
            "This file is a ZIP archive and no StyleGAN pickle. If it holds a .pkl file, unpack"
            " that and import it."
        )
    # So begin the pickles of every protocol in which networks were saved.
    if not beginning.startswith(b"\x80"):
        raise Refused(
            "This file is no StyleGAN pickle, or it is damaged or cut short. Fetch it once more."
        )


def _refusal(answer: bytes) -> Refused:
    """What a child that failed said; or what its silence means."""
    try:
        said = json.loads(answer)
        template, values = str(said["template"]), dict(said["values"])
    except (ValueError, KeyError, TypeError):
        return Refused("Reading this file takes more memory or time than any network needs.")
    return Refused(template, **values)


def _limit(memory: int, seconds: int) -> None:
    """Give this process so many bytes of memory and seconds of processor time at most."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(file: Path, folder: Path) -> None:
    network = read_network(read_pickle(io.BytesIO(file.read_bytes()), may_name=NAMES))
    for name, tensors in ((WEIGHTS, network.synthesis), (MAPPING, network.mapping)):
        save_file(tensors, folder / name)
        os.chmod(folder / name, 0o644)  # safetensors writes files that only their owner may read.
    facts = {"architecture": network.architecture, "net": network.net}
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def main(file: str, folder: str, memory: str, seconds: str) -> int:
    """Read a file into a folder within limits; answer a refusal as JSON."""
    _limit(int(memory), int(seconds))
    try:
        _read(Path(file), Path(folder))
    except Refused as refusal:
        _answer(refusal)
        return 1
    except (OSError, SafetensorError) as error:
        # safetensors has an exception of its own for a full disk.
        _answer(
            Refused(
                "{place} cannot be read or written ({reason}). Mend that and run this again.",
                place=folder,
                reason=str(error),
            )
        )
        return 1
    except (MemoryError, RecursionError):
        return 1
    return 0


def _answer(refusal: Refused) -> None:
    values = {name: _plain(value) for name, value in refusal.values.items()}
    print(json.dumps({"template": refusal.template, "values": values}))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
