"""The root of a file's project."""

from __future__ import annotations

from pathlib import Path

_MARKS_OF_A_CHECKOUT = (".git", ".hg", ".svn", ".jj", "_darcs", ".fslckout", ".bzr")


def folders_of_project(start: Path) -> list[Path]:
    """Return the folders from `start` up that can belong to one project with it.

    Ends with the top of the checkout; where there is none, below the home folder and the root of the file system
    (unless that is where the file is).
    """
    home = Path.home()
    folders: list[Path] = []
    for folder in [start, *start.parents]:
        if any((folder / mark).exists() for mark in _MARKS_OF_A_CHECKOUT):
            return [*folders, folder]
        folders.append(folder)
    return [folder for folder in folders if folder == start or folder not in (home, *home.parents)]
