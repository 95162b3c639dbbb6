"""Links out of a tree: a link inside it may lead anywhere."""

from __future__ import annotations

import os

from unchunk.project.git import root_as_written


def leads_out(path: str, root: str) -> bool:
    """Tell whether a link takes a path out of its tree; a path that is outside as it is written is so on purpose.

    Args:
        root: what is looked through when the path is come by.
    """
    written = os.path.abspath(path)
    tree = _top_as_written(root)
    if not _is_below(written, tree):
        tree = os.path.dirname(written)
    return not _is_below(os.path.realpath(written), os.path.realpath(tree))


def _top_as_written(path: str) -> str:
    """Return the top of the tree that a path is in, links not resolved: its work tree, else the folder itself."""
    folder = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or os.curdir)
    return root_as_written(folder) or folder


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
