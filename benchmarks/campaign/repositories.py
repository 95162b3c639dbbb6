"""Repositories made up: clean ones as people have them, and ones with the bug."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{role}_{key}": "bench" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")},
    **{f"GIT_{role}_DATE": "@1700000000 +0000" for role in ("AUTHOR", "COMMITTER")},
}
PLAIN = "\n\n".join(f"def f{n}(values):\n    return [value + {n} for value in values if value]\n" for n in range(30))
LOADING = (
    "import json\n\n\ndef load(path):\n    with open(path) as file:\n        return json.loads(file.read())\n\n\n"
    + PLAIN
)
DOWNLOADING = (
    "import requests\n\n\ndef fetch(url, file):\n"
    "    for chunk in requests.get(url, stream=True).iter_content(8192):\n        file.write(chunk)\n\n\n"
) + PLAIN
BUG = (
    "import json\n\nimport requests\n\n\ndef events(url):\n"
    "    for chunk in requests.get(url, stream=True).iter_content(None):\n        print(json.loads(chunk))\n"
)
LEFT = (
    "import json\n\nimport requests\n\n\ndef sizes(url):\n"
    "    for number, chunk in enumerate(requests.get(url, stream=True).iter_content(None)):\n"
    "        print(number, len(chunk), json.loads(chunk))\n"
)
PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "requests",\n]\n'


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


def make(folder: Path, number: int, *, buggy: bool, files: int = 60) -> Path:
    """Make a repository of that many files, and return its folder."""
    top = folder / f"r{number:04}"
    if (top / ".git").is_dir():
        return top
    for index in range(files - 1):
        text = {7: LOADING, 23: DOWNLOADING}.get(index, PLAIN)
        if buggy and index in (11, 31):
            text = BUG if index == 11 else LEFT
        path = top / f"package{index % 5}" / f"module{index}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {number} {index}\n{text}")
    (top / "pyproject.toml").write_text(PYPROJECT)
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=start")
    git(top, "repack", "-adq")
    return top
