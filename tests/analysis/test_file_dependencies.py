"""Every file that a program's findings depend on is noted, however often it was asked for before."""

from __future__ import annotations

import ast
from pathlib import Path

from unchunk.analysis import check_source
from unchunk.analysis import file_dependencies as probes_module
from unchunk.analysis.file_dependencies import recorded_dependencies, recorded_stat

PROGRAM = "import json\nfrom .source import pieces\n\n\ndef f():\n    for p in pieces():\n        json.loads(p)\n"
SOURCE = "import requests\n\n\ndef pieces():\n    return requests.get('u', stream=True).iter_content(None)\n"


def package(folder: Path) -> Path:
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "source.py").write_text(SOURCE)
    return folder


def test_nothing_is_noted_where_no_import_is_followed(tmp_path: Path) -> None:
    with recorded_dependencies() as noted:
        check_source(PROGRAM, str(package(tmp_path / "one") / "a.py"))
    assert noted == {}


def test_what_is_there_is_noted_with_its_stamp_and_what_is_not_as_missing(tmp_path: Path) -> None:
    folder = package(tmp_path / "one")
    with recorded_dependencies() as noted:
        assert check_source(PROGRAM, str(folder / "a.py"), follow_imports=True)
    assert noted[str(folder / "source.py")] == recorded_stat(str(folder / "source.py")) is not None
    assert noted[str(folder / "__init__.py")] is not None
    assert noted[str(tmp_path / "__init__.py")] is None


def test_each_program_notes_all_of_its_own_though_another_asked_before(tmp_path: Path) -> None:
    folder = package(tmp_path / "one")
    seen = []
    for name in ("a.py", "b.py", "a.py"):
        with recorded_dependencies() as noted:
            check_source(PROGRAM, str(folder / name), follow_imports=True)
        seen.append({path: stamp for path, stamp in noted.items() if path != str(folder / name)})
    assert seen[0]
    assert seen[0] == seen[1] == seen[2]


def test_a_module_that_is_missing_is_noted_wherever_it_was_looked_for(tmp_path: Path) -> None:
    folder = package(tmp_path / "one")
    (folder / "source.py").unlink()
    with recorded_dependencies() as noted:
        assert not check_source(PROGRAM, str(folder / "a.py"), follow_imports=True)
    missing = {path for path, stamp in noted.items() if stamp is None}
    assert {str(folder / "source.py"), str(folder / "source" / "__init__.py")} <= missing


def test_a_folder_under_the_name_of_a_module_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "source.py").mkdir()
    assert recorded_stat(str(tmp_path / "source.py")) is None


def test_the_engine_asks_for_files_nowhere_else() -> None:
    asking = {
        "stat",
        "lstat",
        "isfile",
        "isdir",
        "exists",
        "lexists",
        "open",
        "listdir",
        "scandir",
        "read_text",
        "read_bytes",
    }
    package = Path(probes_module.__file__).parent
    found = {
        (str(path.relative_to(package)), name)
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and (name := getattr(node.func, "attr", getattr(node.func, "id", ""))) in asking
    }
    # The tree's question is told by `packages`; what is opened has been asked for by `probe` just before.
    # What a fault is told in is written, and nothing depends on it.
    found -= {("faults.py", "open"), ("faults.py", "exists")}
    assert found == {("file_dependencies.py", "stat"), ("project_graph.py", "isfile"), ("module_resolver.py", "open")}
