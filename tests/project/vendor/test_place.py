"""The place of a copy of the helper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unchunk.project.vendor.place import NoPlace, place

PLACES = {
    "flat": ("demo.streams", "demo/app.py", ["demo/__init__.py"], "demo/streams.py"),
    "src": ("demo.streams", "src/demo/app.py", ["src/demo/__init__.py"], "src/demo/streams.py"),
    "lib": ("demo.streams", "tests/test_app.py", ["lib/demo/__init__.py"], "lib/demo/streams.py"),
    "below the package": (
        "demo.tools.streams",
        "src/demo/web/app.py",
        ["src/demo/__init__.py", "src/demo/web/__init__.py", "src/demo/tools/__init__.py"],
        "src/demo/tools/streams.py",
    ),
    "another package of the project": (
        "common.streams",
        "src/demo/app.py",
        ["src/demo/__init__.py", "src/common/__init__.py"],
        "src/common/streams.py",
    ),
    "from the tests": (
        "demo.streams",
        "tests/unit/test_app.py",
        ["src/demo/__init__.py", "tests/__init__.py", "tests/unit/__init__.py"],
        "src/demo/streams.py",
    ),
    "from a script beside src": ("demo.streams", "tools/job.py", ["src/demo/__init__.py"], "src/demo/streams.py"),
    "package without __init__": ("demo.streams", "src/demo/app.py", [], "src/demo/streams.py"),
    "the nearest of two": (
        "demo.streams",
        "packages/a/src/demo/app.py",
        ["packages/a/src/demo/__init__.py", "src/demo/__init__.py"],
        "packages/a/src/demo/streams.py",
    ),
    "beside a script": ("streams", "tools/job.py", [], "tools/streams.py"),
    "beside a package": ("streams", "src/demo/app.py", ["src/demo/__init__.py"], "src/streams.py"),
}

NOWHERE = {
    "no such package": ("other.streams", "src/demo/app.py", ["src/demo/__init__.py"], "there is no package other in"),
    "no such subpackage": (
        "demo.tools.streams",
        "src/demo/app.py",
        ["src/demo/__init__.py"],
        "there is no package demo.tools",
    ),
    "outside of the checkout": (
        "above.streams",
        "src/demo/app.py",
        ["../above/__init__.py"],
        "there is no package above",
    ),
    "no name": ("demo-x.streams", "src/demo/app.py", [], "'demo-x.streams' is not the name of a module"),
    "a keyword": ("demo.class", "src/demo/app.py", [], "is not the name of a module"),
    "empty": ("", "src/demo/app.py", [], "is not the name of a module"),
    "relative": (".streams", "src/demo/app.py", [], "is not the name of a module"),
}


def checkout(root: Path, *files: str) -> Path:
    (root / ".git").mkdir(parents=True)
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@pytest.mark.parametrize(("module", "source", "files", "expected"), PLACES.values(), ids=PLACES.keys())
def test_module_s_file_is_found(module: str, source: str, files: list[str], expected: str, tmp_path: Path) -> None:
    root = checkout(tmp_path / "top", source, *files)
    assert place(module, root / source, [root / source]) == root / expected


@pytest.mark.parametrize(("module", "source", "files", "reason"), NOWHERE.values(), ids=NOWHERE.keys())
def test_what_has_no_place_says_why(module: str, source: str, files: list[str], reason: str, tmp_path: Path) -> None:
    root = checkout(tmp_path / "top", source, *files)
    with pytest.raises(NoPlace, match=re.escape(reason)):
        place(module, root / source, [root / source])


def test_module_without_a_package_for_files_of_several_folders_has_no_place(tmp_path: Path) -> None:
    root = checkout(tmp_path / "top", "a/one.py", "b/two.py")
    with pytest.raises(NoPlace, match="name a package"):
        place("streams", root / "a/one.py", [root / "a/one.py", root / "b/two.py"])
