"""The configuration that rules a file, as it is by now."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.lsp.configurations import Configurations
from unchunk.project.config_files import ConfigurationError


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "unchunk.toml").write_text('extend = "base.toml"\n')
    (tmp_path / "base.toml").write_text('ignore = ["UNC101"]\n')
    files = Configurations()
    assert files.of_file(str(tmp_path / "a.py")) is files.of_file(str(tmp_path / "b.py")) is not None


def test_a_change_of_the_file_that_is_extended_counts(tmp_path: Path) -> None:
    (tmp_path / "unchunk.toml").write_text('extend = "base.toml"\n')
    files = Configurations()
    with pytest.raises(ConfigurationError):
        files.of_file(str(tmp_path / "a.py"))
    for text, ignored in [('ignore = ["UNC101"]\n', ("UNC101",)), ("", ())]:
        (tmp_path / "base.toml").write_text(text)
        config = files.of_file(str(tmp_path / "a.py"))
        assert config is not None
        assert config.ignore == ignored
