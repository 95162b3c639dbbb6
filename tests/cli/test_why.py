"""`unchunk check --why FILE:LINE` answers for every reason to be silent, and for what is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from unchunk.cli.main import main

PROGRAM = """\
import json, requests, websockets

def why(r, url, text):
    body = b""
    for chunk in r.iter_content():
        body += chunk
    json.loads(body)  # buffered
    for line in r.iter_lines():
        json.loads(line)  # line
    socket = websockets.sync.client.connect(url)
    json.loads(socket.recv())  # message
    json.loads(requests.get(url).text)  # whole
    for chunk in r.iter_content():
        json.loads(decrypted(chunk))  # killed
    json.loads(text)  # unknown
    json.loads("{}")  # constant
    for chunk in r.iter_content():
        json.loads(chunk)  # UNC101
"""
REASONS = [(number, line.rpartition("# ")[2]) for number, line in enumerate(PROGRAM.splitlines(), 1) if "# " in line]


@pytest.mark.parametrize(("line", "reason"), REASONS, ids=[reason for _, reason in REASONS])
def test_the_reason_is_told(line: int, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    assert main(["check", "--isolated", f"--why={path}:{line}"]) in (0, 1)
    shown = capsys.readouterr().out
    assert f"program.py:{line}: {reason}: " in shown, shown
