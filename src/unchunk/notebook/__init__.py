"""Jupyter notebooks: their code cells as one Python module, and the module's changes back in the cells, byte for byte.

Notebook formats 2 to 4: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

from unchunk.notebook.cells import NotebookError
from unchunk.notebook.joined import Joined, Skipped
from unchunk.notebook.notebook import Notebook

__all__ = ["Joined", "Notebook", "NotebookError", "Skipped"]
