"""Vendored copies of the runtime helper: which files use one, and as what module. Cheap to import."""

from __future__ import annotations

import os

from unchunk.cli.arguments import STDIN
from unchunk.project.config_files import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.session import Session


def copy_for(path: str, session: Session) -> str | None:
    """Return the module of a file's vendored helper; None if it imports `unchunk`.

    Raises:
        ConfigurationError: the configuration is broken, which has been told.
    """
    vendor: str | None = getattr(session.options, "vendor", None)
    config = None if vendor else session.config_for(path)
    return config.vendor if config else vendor


def roots_with_copies(session: Session) -> list[str]:
    """Return the roots that may have a vendored helper: it is kept up to date even if no file changes."""
    return [root for root in session.options.paths or [os.curdir] if root != STDIN and _has_copy(root, session)]


def _has_copy(root: str, session: Session) -> bool:
    try:
        return copy_for(os.path.join(root, ""), session) is not None
    except ConfigurationError:
        return False
