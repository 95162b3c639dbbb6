"""Claims of the plugin's page: its commands, in order, print what it shows, and its tests pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from testing.running import outcomes, run

pytest_plugins = ["pytester"]
pytest.importorskip("requests")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "pytest-plugin.md").read_text(encoding="utf-8")
PROGRAM, TEST, OWN = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[CONSOLE] = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


def test_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "weather.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "test_weather.py").write_text(TEST, encoding="utf-8")
    for command, *shown in (block.splitlines() for block in re.split(r"^\$ ", CONSOLE, flags=re.MULTILINE)[1:]):
        printed = command_output(command, tmp_path)
        for line in shown:
            at = next((at for at, each in enumerate(printed) if is_shown_as(each, line)), None)
            assert at is not None, f"{command}: {line}\n" + "\n".join(printed)
            del printed[: at + 1]


def is_shown_as(printed: str, line: str) -> bool:
    return printed.startswith(line[:-1]) if line.endswith("…") else printed == line


def command_output(command: str, folder: Path) -> list[str]:
    program, *rest = command.split()
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-p unchunk.testing.plugin -p no:cacheprovider",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-m", program, *rest],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stdout.splitlines()


def test_tests_of_own_handlers_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_own=OWN)
    assert outcomes(run(pytester)) == {"passed": 4}


def test_installation_registers_the_plugin() -> None:
    entry = '[project.entry-points.pytest11]\nunchunk = "unchunk.testing.plugin"\n'
    assert entry in (ROOT / "pyproject.toml").read_text()
