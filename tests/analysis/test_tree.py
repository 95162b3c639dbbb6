"""What a tree of files tells of itself, and that it has a top: where the folder it is named from is a package."""

from __future__ import annotations

from pathlib import Path

from unchunk.analysis.tree import Tree

PARSER = b"import json\nfrom .source import pieces\n\n\ndef f():\n    for p in pieces():\n        json.loads(p)\n"
SOURCE = b"import requests\n\n\ndef pieces():\n    return requests.get('u', stream=True).iter_content(None)\n"


def test_a_package_that_is_the_current_folder_is_the_top() -> None:
    tree = Tree()
    tree.add("__init__.py", b"import json\n")
    assert not tree.add("a.py", PARSER)
    assert not tree.add("source.py", SOURCE)
    assert tree.linked() == ["a.py"]


def test_what_the_answer_depends_on_is_told(tmp_path: Path) -> None:
    tree = Tree()
    folder = str(tmp_path)
    tree.add(f"{folder}/a.py", PARSER)
    tree.add(f"{folder}/source.py", SOURCE)
    tree.add(f"{folder}/nothing.py", b"x = 1\n")
    tree.note(f"{folder}/known.py")
    assert tree.kept == 2
    assert [name for name in ("a", "source", "nothing", "known") if tree.keeps(f"{folder}/{name}.py")] == [
        "a",
        "source",
    ]
    assert tree.packages() == {}
    tree.linked()
    assert tree.packages() == {folder: False}
    (tmp_path / "__init__.py").write_text("")
    assert tree.packages() == {folder: True}
