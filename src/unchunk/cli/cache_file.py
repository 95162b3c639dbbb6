"""The cache's file: JSON that is validated before anything in it is believed, and replaced as a whole.

A cache says that files need not be looked into, so a repository must not be able to bring one along: each is sealed
with a secret of the user who wrote it, and what git tracks is not read at all.
"""

from __future__ import annotations

import errno
import json
import os

from unchunk.cli.secret import secret
from unchunk.project import git
from unchunk.project.reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Entry = list["Any"]
"""A file: its stamp and its state; if it matters to others or can hold a finding, the digest of its text too."""
Probe = list["Any"]
"""A file that was asked for: its path, stamp and digest; the path alone if it is missing."""
Document = dict[str, "Any"]

FOLDER = ".unchunk_cache"
_MAX_SIZE = 500_000_000
_TAG = "CACHEDIR.TAG"
_BESIDE = {
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder was made by unchunk. https://bford.info/cachedir/\n",
    ".gitignore": b"# Made by unchunk.\n*\n",
}
_START = b'{"key":"unchunk '
_SEAL = b',"seal":"%b"}'
_SEAL_DIGITS = 32
_ENDINGS = (".json", ".new")
_NOTHING = [int, int, int, int]
_SOMETHING = [*_NOTHING, str]
_PRESENT = [str, int, int, int, str]
_MISSING = [str]


def load(file: str, key: str) -> Document:
    """Return the document stored under a key; an empty one if the file is missing, or is anything else."""
    try:
        read = read_regular(file, _MAX_SIZE)
        if read is not None and _is_sealed(read[0]) and not _is_tracked(file):
            document = json.loads(read[0])
            if _is_sound(document, key):
                del document["seal"]
                found: Document = document
                return found
    except (OSError, ValueError, RecursionError, MemoryError):
        pass
    return {"key": key, "folders": {}, "tree": [0, {}], "probes": [], "settled": {}}


def _is_sound(document: Any, key: str) -> bool:
    """Decide whether a document has the form that `save` gave it."""
    if type(document) is not dict or document.get("key") != key:
        return False
    probes: Any = document.get("probes")
    if type(probes) is not list or not all(_types(probe) in (_MISSING, _PRESENT) for probe in probes):
        return False
    tree: Any = document.get("tree")
    if _types(tree) != [int, dict] or not all(type(is_) is bool for is_ in tree[1].values()):
        return False
    return _are_folders(document.get("folders")) and _are_numbers(document.get("settled"), len(probes))


def _are_folders(folders: Any) -> bool:
    return type(folders) is dict and all(
        _types(folder) == [str, dict] and all(_types(entry) in (_NOTHING, _SOMETHING) for entry in folder[1].values())
        for folder in folders.values()
    )


def _are_numbers(settled: Any, count: int) -> bool:
    return type(settled) is dict and all(
        type(numbers) is list and all(type(number) is int and 0 <= number < count for number in numbers)
        for numbers in settled.values()
    )


def _types(value: Any) -> list[type]:
    """Return the types of a list's elements; nothing for other values."""
    return list(map(type, value)) if type(value) is list else []


def save(file: str, document: Document) -> None:
    """Replace the file. Where that is impossible, do nothing: a missing cache is no error."""
    folder, name = os.path.split(file)
    text = json.dumps(document, separators=(",", ":")).encode("ascii")[:-1]
    new = os.path.join(folder, f"{os.path.splitext(name)[0]}-{os.getpid()}.new")
    try:
        if os.path.islink(folder):  # it would lead anywhere
            return
        sealed = text + _seal(text)
        _make(folder)
        _remove_lost(folder)
        _write(new, sealed)
    except OSError:
        return
    try:
        os.replace(new, file)
    except OSError:
        _remove(new)


def _is_sealed(data: bytes) -> bool:
    """Decide whether this user has written the cache."""
    text = data[: -len(_SEAL % b"") - _SEAL_DIGITS]
    return data == text + _seal(text)


def _seal(text: bytes) -> bytes:
    """Return the cache's signature, which needs the user's secret."""
    from hashlib import blake2b

    return _SEAL % blake2b(text, key=secret(), digest_size=_SEAL_DIGITS // 2).hexdigest().encode()


def _is_tracked(file: str) -> bool:
    """Decide whether git tracks the cache, or cannot say."""
    if git.root_of(os.path.dirname(file) or os.curdir) is None:
        return False
    try:
        return git.is_tracked(file)
    except git.GitError:
        return False


def _make(folder: str) -> None:
    """Create the cache folder, with files that keep git and backups away; in an existing folder add none."""
    os.makedirs(folder, exist_ok=True)
    if not os.listdir(folder):
        for name, text in _BESIDE.items():
            _write(os.path.join(folder, name), text)


def _write(path: str, data: bytes) -> None:
    """Write a whole file or none."""
    try:
        with open(path, "xb") as file:
            file.write(data)
    except FileExistsError:
        if path.endswith(_ENDINGS):  # left by a process of the same number that was ended half way
            _remove(path)
            raise
    except OSError:
        _remove(path)
        raise


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _remove_lost(folder: str) -> None:
    """Remove the remains of processes that were ended half way."""
    for name in os.listdir(folder):
        if _is_ours(name) and name.endswith(".new") and not _is_alive(name[9:-4]):
            _remove(os.path.join(folder, name))


def _is_alive(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except ValueError:
        return True
    except OSError as error:
        return error.errno != errno.ESRCH
    return True


def clean(folder: str) -> bool:
    """Remove the cache folder, or only our files from a folder that is not ours. Return whether there was anything.

    Ours is what has the name and the form of a cache: other files of such names are somebody's.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    beside = [name for name, text in _BESIDE.items() if name in names and _says(os.path.join(folder, name), text)]
    ours = [name for name in names if _is_ours(name) and _has_our_form(folder, name, is_tagged=_TAG in beside)]
    ours += beside
    for name in ours:
        os.unlink(os.path.join(folder, name))
    if len(ours) == len(names):
        os.rmdir(folder)
    return bool(ours)


def _is_ours(name: str) -> bool:
    """Decide whether a name is that of a cache, or of its temporary file."""
    start, ending = name[:8], name[8:]
    if len(start) != 8 or set(start) - set("0123456789abcdef"):
        return False
    return ending == ".json" or (ending[:1] == "-" and ending[-4:] == ".new" and ending[1:-4].isdigit())


def _has_our_form(folder: str, name: str, *, is_tagged: bool) -> bool:
    """Decide whether a file begins as a cache does; in a folder of ours an unfinished one may hold anything."""
    if is_tagged and name.endswith(".new"):
        return True
    try:
        read = read_regular(os.path.join(folder, name))
    except OSError:
        return False
    return read is not None and read[0].startswith(_START)


def _says(path: str, text: bytes) -> bool:
    try:
        read = read_regular(path)
    except OSError:
        return False
    return read is not None and read[0] == text
