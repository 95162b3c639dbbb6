"""Uses of a module's imported names by other files of its project: `mock.patch("package.module.json.loads")`."""

from __future__ import annotations

import ast
import os
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

_ROOT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py", ".git", ".hg", "tox.ini")
_OTHERS_CODE = {"__pycache__", "_build", "build", "dist", "node_modules", "site-packages", "venv"}


_PATCHES = re.compile(r"patch|setattr|loads\s*=")
_SECONDS_KEPT = 5
_MAX_FILES = 20_000
_MAX_BYTES = 4_000_000
"""Maximum size of a file: more than any that a person has written."""


def project_root(file: Path) -> Path:
    """Return the nearest folder above a file that looks like a project's root, or the one containing its package."""
    folder = file.parent
    for above in (folder, *folder.parents):
        if any((above / mark).exists() for mark in _ROOT_MARKS):
            return above
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def used_outside(path: str, names: set[str]) -> set[str]:
    """Return those of the names of the module at `path` that other files of its project import, patch or read."""
    file = Path(path)
    if not names or path.startswith("<") or not file.is_file():
        return set()
    file = file.resolve()
    used: set[str] = set()
    for other in _python_files(project_root(file)):
        if names <= used:
            break
        if other != file:
            used |= _used_in(other, file.stem, names - used)
    return used


def patching_test(path: str, call: str) -> str | None:
    """Return the name of a test file of the project that puts something in the place of a function (`json.loads`) that
    the module at `path` calls so; None if there is none.
    """
    file = Path(path)
    if path.startswith("<") or not file.is_file():
        return None
    file = file.resolve()
    stem = file.parent.name if file.stem == "__init__" else file.stem
    owner, _, name = call.rpartition(".")
    texts = [rf"[\w.]*\b{stem}\.{re.escape(call)}"]
    objects = [rf"[\w.]*\b{stem}"] if not owner else [rf"[\w.]*\b{owner}"]
    if owner:
        texts += [re.escape(call), rf"[\w.]*\b{stem}\.{owner}"]
    pattern = re.compile(
        rf"[\"'](?:{'|'.join(texts)})[\"']"
        rf"|(?:\bobject|\bsetattr)\(\s*(?:{'|'.join(objects)})\s*,\s*[\"']{name}[\"']"
        rf"|^\s*(?:{'|'.join(objects)})\.{name}\s*=[^=]",
        re.MULTILINE,
    )
    for other, text in _tests(project_root(file), int(time.monotonic() // _SECONDS_KEPT)):
        if re.search(rf"\b{stem}\b", text) and pattern.search(text):
            return other.name
    return None


@lru_cache(maxsize=2)
def _tests(root: Path, _moment: int) -> tuple[tuple[Path, str], ...]:
    """Return the tests of a project that patch something, read again after a while."""
    found = []
    for file in islice(_python_files(root), _MAX_FILES):
        if "test" not in file.relative_to(root).as_posix().lower():
            continue
        text = _bytes_of(file).decode("utf-8", "replace")
        if _PATCHES.search(text):
            found.append((file, text))
    return tuple(found)


def patched(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the names that string literals mention as attributes of a module: `"pkg.mod.json.loads"`."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {name for name in names for text in texts if re.match(rf"\.{name}\b|[\w.]+\.{name}\.\w+$", text)}


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _OTHERS_CODE)
        yield from (Path(folder, name) for name in sorted(files) if name.endswith((".py", ".pyi")))


def _bytes_of(file: Path) -> bytes:
    """Return what a file holds; nothing for what is no file, too large, or cannot be read."""
    try:
        # A pipe would be waited for.
        return file.read_bytes() if file.is_file() and file.stat().st_size <= _MAX_BYTES else b""
    except OSError:
        return b""


def _used_in(other: Path, stem: str, names: set[str]) -> set[str]:
    source = _bytes_of(other)
    if stem.encode() not in source or not any(name.encode() in source for name in names):
        return set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    called = _names_of_module(tree, stem)
    found = patched(tree, names)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=aliases) if (module or "").rpartition(".")[2] == stem:
                imported = {alias.name for alias in aliases}
                found |= names if "*" in imported else names & imported
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if owner in called:
                found |= names & {name}
            case ast.Call(args=[ast.Name(id=owner) | ast.Attribute(attr=owner), ast.Constant(value=str() as name), *_]):
                found |= names & {name} if owner in called else set()
            case ast.Constant(value=str() as text):
                found |= {name for name in names if re.search(rf"(^|\.){re.escape(stem)}\.{name}\b", text)}
    return found


def _names_of_module(tree: ast.Module, stem: str) -> set[str]:
    """Return the names by which another file may refer to a module."""
    aliases = [
        alias for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names
    ]
    return {stem, *(alias.asname for alias in aliases if alias.asname and alias.name.rpartition(".")[2] == stem)}
