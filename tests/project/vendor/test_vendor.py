"""The copy in a project: written, renewed, and never in place of what is not a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.project.vendor import renew, vendor
from unchunk.project.vendor.module import generate, sealed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src" / "demo").mkdir(parents=True)
    (tmp_path / "src" / "demo" / "__init__.py").touch()
    return tmp_path


def older(text: str) -> str:
    """Return a copy of an earlier version."""
    program = text[text.index('"""') :]
    return sealed(program.rsplit("\n\n\n", 1)[0] + "\n", "1.0.0")


def test_copy_is_written_where_there_is_none(root: Path) -> None:
    plan = vendor("demo.streams", [root / "src/demo/app.py", root / "src/demo/web.py"], "2.0.0")
    (copy,) = plan.copies
    assert (copy.path, copy.before) == (root / "src/demo/streams.py", None)
    assert copy.after == generate("2.0.0").encode()
    assert not copy.path.exists()


@pytest.mark.parametrize(
    "edit", [str, lambda text: text.replace("\n\n\n", "\n\n").replace("#", "# ", 2)], ids=["as it was", "formatted"]
)
def test_copy_that_is_up_to_date_stays_as_it_is(edit: object, root: Path) -> None:
    assert callable(edit)
    path = root / "src/demo/streams.py"
    text = edit(generate("2.0.0"))
    path.write_text(text.replace("#  Copied", "# Copied").replace("# unchunk", "# unchunk"))
    (copy,) = vendor("demo.streams", [root / "src/demo/app.py"], "2.0.0").copies
    assert not copy.changes


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_copy_of_an_earlier_version_is_renewed_with_its_line_ends(newline: str, root: Path) -> None:
    path = root / "src/demo/streams.py"
    path.write_bytes(older(generate("2.0.0")).replace("\n", newline).encode())
    for plan in (vendor("demo.streams", [root / "src/demo/app.py"], "2.0.0"), renew("demo.streams", root, "2.0.0")):
        (copy,) = plan.copies
        assert copy.changes
        assert copy.before == path.read_bytes()
        assert copy.after == generate("2.0.0").replace("\n", newline).encode()


def test_copy_that_differs_in_its_version_only_stays_as_it_is(root: Path) -> None:
    path = root / "src/demo/streams.py"
    path.write_text(generate("1.9.0"))
    (copy,) = vendor("demo.streams", [root / "src/demo/app.py"], "2.0.0").copies
    assert not copy.changes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def iter_json(): ...\n", "is not a copy of the helper"),
        (b"", "is not a copy of the helper"),
        (b"\xff\xfe", "cannot be read"),
    ],
    ids=["someone's own", "empty", "not text"],
)
def test_file_that_is_no_copy_is_not_replaced(content: bytes, reason: str, root: Path) -> None:
    path = root / "src/demo/streams.py"
    path.write_bytes(content)
    plan = vendor("demo.streams", [root / "src/demo/app.py"], "2.0.0")
    assert plan.copies == ()
    assert reason in plan.refused[root / "src/demo/app.py"]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_copy_with_changes_of_its_own_is_not_replaced(version: str, root: Path) -> None:
    path = root / "src/demo/streams.py"
    path.write_text(generate(version) + "\n\nours = 1\n")
    plan = vendor("demo.streams", [root / "src/demo/app.py"], "2.0.0")
    assert plan.copies == ()
    assert "has been changed since it was copied" in plan.refused[root / "src/demo/app.py"]
    assert "has been changed since it was copied" in renew("demo.streams", root, "2.0.0").notes[0]


def test_projects_without_the_package_are_refused_the_others_are_not(root: Path) -> None:
    (root / "packages/other/src/other").mkdir(parents=True)
    (root / "packages/other/.git").mkdir()
    sources = [root / "src/demo/app.py", root / "packages/other/src/other/b.py"]
    plan = vendor("demo.streams", sources, "2.0.0")
    assert [copy.path for copy in plan.copies] == [root / "src/demo/streams.py"]
    assert list(plan.refused) == [sources[1]]


def test_nothing_is_made_where_there_is_nothing_to_renew(root: Path) -> None:
    assert renew("demo.streams", root, "2.0.0").copies == ()
    assert renew("nowhere.streams", root, "2.0.0").copies == ()
