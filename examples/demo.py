"""The whole story in one go: programs crash on a cut stream, are found, shown, fixed and run again.

    python examples/demo.py

Everything happens in a scratch folder and on loopback; nothing is left behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from server import CuttingServer
from streams import DOCUMENTS, chat_events, ndjson

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Act:
    """One program and the stream that breaks it."""

    program: str
    title: str
    body: bytes
    cut_every: int


ACTS = (
    Act(
        "together_chat.py",
        "the together package, whose stream hands out events that it has decoded",
        b"".join(chat_events(DOCUMENTS)),
        100,
    ),
    Act(
        "together_delta.py",
        "the same, the text of each event: a model writes it in small pieces",
        b"".join(chat_events(list("\n".join(DOCUMENTS)))),
        4096,
    ),
    Act("requests_sse.py", "requests, server-sent events cut anywhere", b"".join(chat_events(DOCUMENTS)), 100),
    Act("httpx_async.py", "httpx, asynchronous, documents cut anywhere", b"".join(ndjson()), 7),
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="unchunk-demo-") as scratch:
        folder = Path(scratch)
        for act in ACTS:
            shutil.copy(HERE / "programs" / act.program, folder)
        heading("1. The programs crash as soon as the stream is cut somewhere else")
        crashed = [not run_act(act, folder) for act in ACTS]
        heading("2. What unchunk finds")
        found = unchunk(folder, "check", ".")
        heading("3. What unchunk would change")
        unchunk(folder, "fix", "--diff", "--unsafe-fixes", ".")
        heading("4. The fix is applied")
        unchunk(folder, "fix", "--unsafe-fixes", "--no-dependency", ".")
        heading("5. The same programs, the same cuts: every value arrives")
        healed = [run_act(act, folder) for act in ACTS]
    ok = all(crashed) and found == 1 and all(healed)
    print("\nAll programs crashed before and print every value now." if ok else "\nThe demo did not go as told above.")
    return 0 if ok else 1


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def unchunk(folder: Path, *arguments: str) -> int:
    print(f"$ unchunk {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "unchunk", *arguments], cwd=folder).returncode


def run_act(act: Act, folder: Path) -> bool:
    """Run one program against its cut stream; return whether it ended well and printed something for every document."""
    print(f"\n{act.program}: {act.title}", flush=True)
    cuts = range(act.cut_every, len(act.body), act.cut_every)
    with CuttingServer(act.body, cuts=cuts) as server:
        result = subprocess.run(
            [sys.executable, act.program, server.url],
            cwd=folder,
            env={**os.environ, "TOGETHER_BASE_URL": server.url, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
    lines = result.stdout.splitlines()
    for line in lines:
        print(f"    {line}")
    if result.returncode:
        print(f"    {result.stderr.splitlines()[-1]}", flush=True)
    return result.returncode == 0 and sum(bool(line) for line in lines) >= len(DOCUMENTS)


if __name__ == "__main__":
    sys.exit(main())
