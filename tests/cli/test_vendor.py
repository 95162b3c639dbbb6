"""`unchunk vendor`: for CI, and for whoever renews a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.process import BUG, out, told, unchunk
from unchunk import __version__
from unchunk.project.vendor.module import generate, sealed

OLD = sealed("x = 1\n", "0.0.1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "unchunk.toml").write_text('vendor = "app._unchunk"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("before", "option", "status", "says"),
    [
        (generate(__version__), "--check", 0, f"app/_unchunk.py: up to date ({__version__})"),
        (generate(__version__), "--update", 0, f"app/_unchunk.py: up to date ({__version__})"),
        (OLD, "--check", 1, f"app/_unchunk.py: 0.0.1 to {__version__}, "),
        (None, "--check", 1, "app/_unchunk.py: there is no copy yet; `unchunk vendor --update` writes it"),
    ],
)
def test_what_is_up_to_date_or_only_checked_stays(
    project: Path, before: str | None, option: str, status: int, says: str
) -> None:
    copy = project / "app" / "_unchunk.py"
    if before is not None:
        copy.write_text(before)
    done = unchunk(project, "vendor", option)
    assert (done.returncode, out(done)[: len(says)]) == (status, says)
    assert (copy.read_text() if copy.exists() else None) == before


@pytest.mark.parametrize("before", [None, OLD])
def test_update_writes_what_check_wants(project: Path, before: str | None) -> None:
    if before is not None:
        (project / "app" / "_unchunk.py").write_text(before)
    assert unchunk(project, "vendor", "--update").returncode == 0
    assert (project / "app" / "_unchunk.py").read_text() == generate(__version__)
    assert unchunk(project, "vendor", "--check").returncode == 0


@pytest.mark.parametrize(
    "changed", [OLD.replace("x = 1", "x = 2"), generate(__version__).replace("None", "1"), "x = 1\n"]
)
@pytest.mark.parametrize("option", ["--update", "--check"])
def test_what_somebody_has_changed_is_an_error_and_stays(project: Path, changed: str, option: str) -> None:
    (project / "app" / "_unchunk.py").write_text(changed)
    done = unchunk(project, "vendor", option)
    assert (done.returncode, out(done)) == (2, "")
    assert (project / "app" / "_unchunk.py").read_text() == changed


def test_fix_tells_a_changed_copy_once(project: Path) -> None:
    (project / "app" / "_unchunk.py").write_text(OLD.replace("x = 1", "x = 2"))
    (project / "app" / "bug.py").write_text(BUG)
    done = unchunk(project, "fix")
    assert done.returncode == 2
    assert sum("has been changed since it was copied" in line for line in told(done)) == 1


def test_module_has_to_be_known(tmp_path: Path) -> None:
    assert "name the module" in told(unchunk(tmp_path, "vendor"))[0]
