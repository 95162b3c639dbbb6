"""Fetches the pinned packages of the corpus with pip, checks their hashes and unpacks them outside the repository.

    python -m benchmarks.corpus.fetch           # prints the folder that holds one folder a package

The folder is `$UNCHUNK_CORPUS`, or `unchunk/corpus` in the user's cache folder. A package that is there already is not
fetched again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Package(NamedTuple):
    """One published wheel, pinned by name, version and hash."""

    name: str
    version: str
    filename: str
    sha256: str

    @property
    def pin(self) -> str:
        return f"{self.name}=={self.version}"


def packages(listing: Path = HERE / "packages.json") -> tuple[Package, ...]:
    return tuple(Package(**row) for row in json.loads(listing.read_text()))


def corpus_folder() -> Path:
    if given := os.environ.get("UNCHUNK_CORPUS"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "unchunk" / "corpus"


def fetch(package: Package, folder: Path) -> Path:
    """Return the unpacked package. Raises RuntimeError when its file is not the one that was pinned."""
    unpacked = folder / package.pin
    if unpacked.is_dir():
        return unpacked
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--only-binary", ":all:", "--dest", scratch, package.pin], check=True)
        wheel = Path(scratch) / package.filename
        if not wheel.is_file():
            raise RuntimeError(f"{package.pin}: pip brought no {package.filename}")
        if (got := hashlib.sha256(wheel.read_bytes()).hexdigest()) != package.sha256:
            raise RuntimeError(f"{package.pin}: sha256 is {got}, pinned is {package.sha256}")
        half_way = Path(scratch) / "unpacked"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(half_way)
        half_way.rename(unpacked)
    return unpacked


def fetch_all(folder: Path | None = None) -> Iterator[tuple[Package, Path]]:
    folder = folder or corpus_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages():
        yield package, fetch(package, folder)


if __name__ == "__main__":
    for fetched, _ in fetch_all():
        print(fetched.pin, file=sys.stderr)
    print(corpus_folder())
