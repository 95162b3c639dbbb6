"""`unchunk check` in this process, with its work counted, and a tree of files for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.process import BUG

FOLDER = ".unchunk_cache"
NOTHING = "import os\n\n\ndef f(x):\n    return x\n"
SILENCED = BUG.replace("json.loads(chunk)\n", "json.loads(chunk)  # noqa: UNC101\n")
PIECES = "import requests\n\n\ndef pieces(url):\n    return requests.get(url, stream=True).iter_content(None)\n"
LINES = PIECES.replace("iter_content(None)", "iter_lines(1024*9)")  # as long as the other
PARSER = """\
import json

from .source import pieces


def events(url):
    for piece in pieces(url):
        print(json.loads(piece))
"""
LOADER = "import json\n\n\ndef load(text):\n    return json.loads(text)\n"
READER = "import socket\n\n\ndef read(s):\n    return s.recv(10)\n"
TREE = {
    "nothing.py": NOTHING,
    "silenced.py": SILENCED,
    "pkg/__init__.py": "from .source import pieces\n",
    "pkg/source.py": LINES,
    "pkg/parser.py": PARSER,
    "pkg/loader.py": LOADER,
    "pkg/deep/__init__.py": "",
    "pkg/deep/reader.py": READER,
}


@dataclass
class Done:
    """The output and status of a run.

    Attributes:
        read: the files of the run that were read.
        examined: those that the engine looked into.
        asked: what was read to tell whether other files are what they were.
    """

    status: int
    out: str
    err: str
    read: list[str] = field(default_factory=list)
    examined: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def said(self) -> tuple[int, str, str]:
        return self.status, self.out, self.err

    @property
    def work(self) -> tuple[list[str], list[str]]:
        return self.read, self.examined


Run = Callable[..., Done]


def plant(folder: Path, files: dict[str, str] = TREE) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def file_of(folder: Path) -> Path:
    """Return the only cache file."""
    (file,) = folder.glob("*.json")
    return file
