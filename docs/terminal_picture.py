"""Draw `docs/terminal.svg`, a terminal with `unchunk` at work: `python docs/terminal_picture.py`."""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).with_name("terminal.svg")
PROGRAM = Path(__file__).parent.parent / "examples" / "programs" / "together_chat.py"
COLUMNS = 100
COMMANDS = ("unchunk check", "unchunk fix --diff --no-dependency")
# The font is the reader's own: a page that shows the picture fetches nothing for it.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def picture() -> str:
    """Return the picture of a terminal in which the commands were run."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAM, folder)
        for command in COMMANDS:
            console.print(f"[bold green]$[/] {command}")
            console.print(Text.from_ansi(shown(command, folder)))
    return console.export_svg(title="", code_format=FORMAT, unique_id="unchunk")


def shown(command: str, folder: str) -> str:
    """Return a command's output on a terminal, with its colours."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "COLORTERM": ""}
    subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    os.close(theirs)
    text = b""
    try:
        while data := os.read(ours, 65536):
            text += data
    except OSError:  # the other end is closed: all has been read
        pass
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
