"""The import graph of a tree, and its top: where the folder it is named from is a package."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from unchunk.analysis import check_source
from unchunk.analysis.project_graph import ImportGraph

PARSER = b"import json\nfrom .source import pieces\n\n\ndef f():\n    for p in pieces():\n        json.loads(p)\n"
SOURCE = b"import requests\n\n\ndef pieces():\n    return requests.get('u', stream=True).iter_content(None)\n"


def test_a_package_that_is_the_current_folder_is_the_top() -> None:
    tree = ImportGraph()
    tree.add("__init__.py", b"import json\n")
    assert not tree.add("a.py", PARSER)
    assert not tree.add("source.py", SOURCE)
    assert tree.link_candidates() == ["a.py"]


def test_what_the_answer_depends_on_is_told(tmp_path: Path) -> None:
    tree = ImportGraph()
    folder = str(tmp_path)
    tree.add(f"{folder}/a.py", PARSER)
    tree.add(f"{folder}/source.py", SOURCE)
    tree.add(f"{folder}/nothing.py", b"x = 1\n")
    tree.note(f"{folder}/known.py")
    assert tree.kept == 2
    assert [name for name in ("a", "source", "nothing", "known") if tree.is_relevant(f"{folder}/{name}.py")] == [
        "a",
        "source",
    ]
    assert tree.packages() == {}
    tree.link_candidates()
    assert tree.packages() == {folder: False}
    (tmp_path / "__init__.py").write_text("")
    assert tree.packages() == {folder: True}


SOURCES = {
    "function": ("def pieces(url):\n    return requests.get(url, stream=True).iter_content(None)\n", "{pieces}(url)"),
    "generator": (
        "def pieces(url):\n    for chunk in requests.get(url, stream=True).iter_content(None):\n        yield chunk\n",
        "{pieces}(url)",
    ),
    "lines of a chunk": (
        "def pieces(url):\n    for chunk in requests.get(url, stream=True).iter_content(None):\n"
        "        yield from chunk.split(b'\\n')\n",
        "{pieces}(url)",
    ),
    "method": (
        "class pieces:\n    def __init__(self, url):\n        self.answer = requests.get(url, stream=True)\n"
        "    def each(self):\n        return self.answer.iter_content(None)\n",
        "{pieces}(url).each()",
    ),
    "client": ("pieces = requests.Session()\n", "{pieces}.get(url, stream=True).iter_content(None)"),
    "answer": ("def pieces(url):\n    return requests.get(url, stream=True)\n", "{pieces}(url).iter_content(None)"),
    "lines": ("def pieces(url):\n    return requests.get(url, stream=True).iter_lines()\n", "{pieces}(url)"),
}
PARSERS = {
    "function": ("def parse(text):\n    return json.loads(text)\n", "{parse}(piece)"),
    "method": ("class parse:\n    def feed(self, text):\n        return json.loads(text)\n", "{parse}().feed(piece)"),
    "constructor": (
        "class parse:\n    def __init__(self, text):\n        self.value = json.loads(text)\n",
        "{parse}(piece)",
    ),
    "lambda": ("parse = lambda text: json.loads(text)\n", "{parse}(piece)"),
    "alias": ("parse = json.loads\n", "{parse}(piece)"),
    "of the stream": ("def parse(stream):\n    for piece in stream:\n        yield json.loads(piece)\n", ""),
}
WAYS = {
    "from": ("from {module} import {name}\n", "{name}"),
    "renamed": ("from {module} import {name} as other_{name}\n", "other_{name}"),
    "module": ("import {module}\n", "{module}.{name}"),
    "module under a name": ("import {module} as the_{name}\n", "the_{name}.{name}"),
    "starred": ("from {module} import *\n", "{name}"),
}
LAYOUTS = ("beside", "package", "inner package", "handed on", "handed on twice")
PLACES = ("source", "parser")
"""The part in the file itself, the other one being imported."""
SILENT = ("lines", "starred / handed on")
"""Lines of a client nobody knows are right to parse; what comes through two starred imports is not followed."""


def _trees() -> Iterator[tuple[str, dict[str, str]]]:
    """Programs in several files, every pair of choices among them."""
    choices = [list(SOURCES), list(PARSERS), list(WAYS), list(LAYOUTS), list(PLACES)]
    seen: set[tuple[int, str, int, str]] = set()
    for chosen in itertools.product(*choices):
        pairs = {(i, chosen[i], j, chosen[j]) for i in range(len(chosen)) for j in range(i + 1, len(chosen))}
        if not pairs <= seen:
            seen |= pairs
            yield " / ".join(chosen), _tree(*chosen)


def _tree(source: str, parser: str, way: str, layout: str, place: str) -> dict[str, str]:
    made, stream = SOURCES[source]
    taken, parsed = PARSERS[parser]
    package = {"beside": "", "package": "app.", "inner package": "app.inner."}.get(layout, "app.")
    files = {"app/__init__.py": "", "app/inner/__init__.py": ""} if layout != "beside" else {}
    folder = package.replace(".", "/")
    head = ""
    names = {}
    for name, text, library, here in (
        ("pieces", made, "requests", place == "source"),
        ("parse", taken, "json", place == "parser"),
    ):
        if here:
            head += f"import {library}\n{text}"
            names[name] = name
            continue
        module = f"{package}of_{name}"
        files[f"{folder}of_{name}.py"] = f"import {library}\n{text}"
        if layout.startswith("handed on"):
            files["app/inner/__init__.py"] += f"from app.of_{name} import {name}\n"
            module = "app.inner"
        if layout == "handed on twice":
            files["app/hands.py"] = files.get("app/hands.py", "") + f"from app.inner import {name}\n"
            module = "app.hands"
        line, names[name] = (part.format(module=module, name=name) for part in WAYS[way])
        head = line + head
    stream, parsed = stream.format(**names), parsed.format(**names)
    loop = (
        f"    for piece in {stream}:\n        print({parsed})\n"
        if parsed
        else f"    print(*{names['parse']}({stream}))\n"
    )
    files[f"{folder}main.py"] = f"{head}def run(url):\n{loop}"
    return files


def test_what_is_found_in_a_tree_is_what_is_found_in_each_file_with_what_it_imports(tmp_path: Path) -> None:
    lost, missed = [], []
    for number, (title, files) in enumerate(_trees()):
        sources = {str(tmp_path / str(number) / name): text.encode() for name, text in files.items()}
        for path, text in sources.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(text)
        tree = ImportGraph()
        alone = [path for path, text in sorted(sources.items()) if tree.add(path, text)]
        kept = {*alone, *tree.link_candidates()}
        found = [path for path, text in sources.items() if check_source(text, path, follow_imports=True)]
        lost += [f"{title}: {path}" for path in found if path not in kept]
        if not found and not any(word in title for word in SILENT):
            missed.append(title)
    assert number > 100
    assert not missed
    assert not lost
