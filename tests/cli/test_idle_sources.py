"""Sources of the configuration that nothing in a run can be are told, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.process import told, unchunk

PROGRAM = """\
from togetherai import TogetherAI
from my_gateway import stream

TogetherAI().chat.completions.create()
stream.frames()
"""


def warnings(folder: Path, *rows: str, paths: str = ".") -> list[str]:
    (folder / "program.py").write_text(PROGRAM)
    table = "".join(f'"{row}" = "chunk"\n' for row in rows)
    (folder / "unchunk.toml").write_text(f"[sources]\n{table}")
    done = unchunk(folder, "check", paths)
    assert done.returncode == 0
    return told(done)


@pytest.mark.parametrize(
    "row",
    ["togetherai.TogetherAI.chat.completions.create", "my_gateway.stream.frames", "frames", "program.stream.frames"],
)
def test_what_may_match_is_not_told(tmp_path: Path, row: str) -> None:
    assert warnings(tmp_path, row) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("togetherai.TogetherAI.chat.completion.create", "no file says `completion`"),
        ("togetherai.Together.chat.completions.create", "no file says `Together`"),
        ("elsewhere.TogetherAI.chat.completions.create", "no file imports `elsewhere`"),
        ("client.chat.completions.create", "no file imports `client`"),
        ("togetherai.TogetherAI.", "it is no dotted name"),
        ("togetherai..create", "it is no dotted name"),
        ("togetherai.class.create", "`class` is a word of the language, so that nothing can be called so"),
        ("pieces", "no file says `pieces`"),
    ],
)
@pytest.mark.parametrize("paths", [".", "program.py"])
def test_what_cannot_match_is_told(tmp_path: Path, row: str, why: str, paths: str) -> None:
    (line,) = warnings(tmp_path, row, paths=paths)
    assert line.endswith(f"warning: `{row}` of sources matches nothing: {why}")
