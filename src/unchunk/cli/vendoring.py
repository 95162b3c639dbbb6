"""The part of `unchunk vendor` that reads and writes the copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from unchunk import __version__
from unchunk.analysis.visible import visible
from unchunk.cli import diff
from unchunk.codemod.atomic_write import Change, WriteError, write
from unchunk.project.git import top_of
from unchunk.project.links import leads_out
from unchunk.project.vendor import Copy, NoPlace, copy_in
from unchunk.project.vendor.module import version_of

if TYPE_CHECKING:
    from unchunk.cli.session import Session


def vendored(session: Session, module: str) -> int:
    """Renew or check one copy, tell what changes, and give the exit status."""
    options = session.options
    try:
        copy = copy_in(module, Path.cwd(), __version__)
    except NoPlace as error:
        return session.refuse(str(error).replace(f"{Path.cwd()}{os.sep}", ""))
    path = Path(os.path.relpath(copy.path))
    if leads_out(str(path), os.curdir):
        return session.refuse(f"{path} is a link that leads out of the tree")
    if not copy.changes:
        return _tell(session, f"{path}: up to date ({_version(copy.after)})", 0)
    change = Change(path, copy.before, copy.after)
    if options.diff:
        diff.show([change], options.color)
    if options.check or options.diff:
        advice = "`unchunk vendor --update` writes it" if copy.before is None else "`unchunk vendor --update` renews it"
        return _tell(session, f"{path}: {_outdated(copy)}; {advice}", 1)
    try:
        write([change], Path(top_of(os.curdir)))
    except WriteError as error:
        return session.refuse(str(error))
    done = f"written ({_version(copy.after)})" if copy.before is None else f"renewed: {_outdated(copy)}"
    return _tell(session, f"{path}: {done}", 0)


def _outdated(copy: Copy) -> str:
    """Return the versions before and after, and how much changes."""
    if copy.before is None:
        return "there is no copy yet"
    lines = list(diff.lines(Change(copy.path, copy.before, copy.after)))
    added = sum(line.startswith(b"+") and not line.startswith(b"+++") for line in lines)
    removed = sum(line.startswith(b"-") and not line.startswith(b"---") for line in lines)
    return f"{_version(copy.before)} to {_version(copy.after)}, {added} lines added, {removed} removed"


def _version(source: bytes) -> str | None:
    return version_of(source.decode())


def _tell(session: Session, message: str, status: int) -> int:
    if not session.options.quiet:
        print(visible(message))
    return status
