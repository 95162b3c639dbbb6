"""A pytest plugin: `import unchunk` gives the module in the file that VENDORED_MODULE names.

    VENDORED_MODULE=copy.py python -m pytest -p tests.project.vendor.as_unchunk tests/stream

The package and every module of `unchunk.stream` are that one module, so that the helper's own tests run against it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import ModuleType


class OneModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `unchunk` in one file, and answers for `unchunk.stream` and its modules with the same module."""

    def __init__(self, path: str) -> None:
        self._path = path

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name == "unchunk":
            return importlib.util.spec_from_file_location(name, self._path, submodule_search_locations=[])
        if name == "unchunk.stream" or name.startswith("unchunk.stream."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return sys.modules["unchunk"]

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module has been executed already, and another import must not change its name."""
        module.__spec__ = importlib.util.spec_from_file_location("unchunk", self._path, submodule_search_locations=[])
        module.__name__ = "unchunk"


assert "unchunk" not in sys.modules, "the package was imported before the copy could take its place"
sys.meta_path.insert(0, OneModule(os.environ["VENDORED_MODULE"]))


def pytest_report_header() -> str:
    """Return a line that shows which helper is tested."""
    import unchunk

    assert unchunk.__file__ == os.environ["VENDORED_MODULE"]
    return f"copy of the helper: {unchunk.__file__}"
