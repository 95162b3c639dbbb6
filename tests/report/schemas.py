"""Official schemas, taken from the packages that carry them when they are asked for; nobody's files are copied here."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

# The source distribution of cfn-lint (MIT No Attribution) has the schema of OASIS among its fixtures:
# https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json
_PACKAGE = "cfn-lint==1.58.0"
_MEMBER = "test/fixtures/schemas/sarif/schema-2.1.0.json"


@cache
def sarif_schema(cache_folder: Path) -> dict[str, Any]:
    """Return the schema of SARIF 2.1.0, kept in a folder once it is there; skips the calling test where it cannot be
    had.
    """
    kept = cache_folder / "sarif-schema-2.1.0.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(_downloaded())
    schema: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    assert schema["$id"].endswith("oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    return schema


def _downloaded() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary=:all:",
            f"--dest={folder}",
        ]
        done = subprocess.run([*command, _PACKAGE], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"the schema of SARIF is in {_PACKAGE}, which cannot be downloaded: {done.stderr[-200:]}")
        [archive] = Path(folder).iterdir()
        with tarfile.open(archive) as tar:
            [member] = [name for name in tar.getnames() if name.endswith(_MEMBER)]
            file = tar.extractfile(member)
            assert file is not None
            return file.read()
