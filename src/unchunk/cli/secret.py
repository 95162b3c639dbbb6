"""The user's secret, which proves who has written a file."""

from __future__ import annotations

import os
import stat

_BYTES = 32


def secret() -> bytes:
    """Return the secret, created by the first call of all.

    Raises:
        OSError: it can neither be read nor made, or others could have read it.
    """
    path = os.path.join(_folder(), "secret")
    try:
        return _read(path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    new = f"{path}-{os.getpid()}"
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(file, os.urandom(_BYTES))
        os.close(file)
        os.link(new, path)  # the first one of several processes wins
    except FileExistsError:
        pass
    finally:
        os.unlink(new)
    return _read(path)


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(file)
        found = os.read(file, _BYTES + 1)
    finally:
        os.close(file)
    is_private = not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)
    if not stat.S_ISREG(status.st_mode) or not is_private or len(found) != _BYTES:
        raise PermissionError(f"{path}: no secret of this user")
    return found


def _folder() -> str:
    if os.name == "nt":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"), "unchunk")
    return os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"), "unchunk")
