"""`unchunk` as a process of its own, and programs to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BUG = """\
import json

import requests


def events(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        data = json.loads(chunk)
        print(data["id"])
"""
FIXED = """\
import requests
from unchunk import iter_json


def events(url):
    for data in iter_json(requests.get(url, stream=True).iter_content(None)):
        print(data["id"])
"""
ALL_PASSED = "All checks passed!\n"
"""Output of a clean run for people."""
CLEAN = "import json\n\nprint(json.loads('1'))\n"
RETRY = """\
import json

import requests


def events(url):
    buffer = b""
    for chunk in requests.get(url, stream=True).iter_content(None):
        buffer += chunk
        try:
            print(json.loads(buffer))
            buffer = b""
        except json.JSONDecodeError:
            continue
"""


def unchunk(
    folder: Path, *arguments: str | bytes, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it in a folder, with nothing of the caller's terminal or colours."""
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "unchunk", *arguments]
    return subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, env=environment | (env or {}), check=False, timeout=60
    )


def out(done: subprocess.CompletedProcess[bytes]) -> str:
    """Its standard output, where nothing went wrong."""
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.stdout.decode()


def told(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Return the lines of standard error."""
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.stderr.decode().splitlines()
