"""Imports come where isort and Ruff put them, and go when nothing uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from unchunk.codemod import fix_source

BODY = "\n\ndef f(response):\n    for chunk in response.iter_content(None):\n        print(json.loads(chunk))\n"
AFTER = "\n\ndef f(response):\n    for data in iter_json(response.iter_content(None)):\n        print(data)\n"

HEADS = {
    "json alone": ("import json\n", "from unchunk import iter_json\n"),
    "json among others": ("import json\nimport os\n", "import os\n\nfrom unchunk import iter_json\n"),
    "json with others on a line": ("import json, os\n", "import os\n\nfrom unchunk import iter_json\n"),
    "json last on a line": ("import os, json\n", "import os\n\nfrom unchunk import iter_json\n"),
    "before third parties": (
        "import json\n\nimport requests\n",
        "import requests\nfrom unchunk import iter_json\n",
    ),
    "among third parties": (
        "import json\n\nimport aiohttp\nfrom requests import get\nfrom zope import interface\n",
        "import aiohttp\nfrom requests import get\nfrom unchunk import iter_json\nfrom zope import interface\n",
    ),
    "first of the third parties": (
        "import json\nimport os\n\nfrom zope import interface\n",
        "import os\n\nfrom unchunk import iter_json\nfrom zope import interface\n",
    ),
    "between the standard library and relative imports": (
        "import json\nimport os\n\nfrom . import x\n",
        "import os\n\nfrom unchunk import iter_json\n\nfrom . import x\n",
    ),
    "before relative imports": (
        "import json\n\nfrom .a import x\n",
        "from unchunk import iter_json\n\nfrom .a import x\n",
    ),
    "below the docstring and the future": (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport json\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nfrom unchunk import iter_json\n',
    ),
    "below the licence": (
        "#!/usr/bin/env python\n# Licence.\n\nimport json\n",
        "#!/usr/bin/env python\n# Licence.\n\nfrom unchunk import iter_json\n",
    ),
    "merged into an import of the helper": (
        "import json\n\nfrom unchunk import rechunk\n",
        "from unchunk import iter_json, rechunk\n",
    ),
    "merged behind a class": (
        "import json\n\nfrom unchunk import JSONFragments\n",
        "from unchunk import JSONFragments, iter_json\n",
    ),
    "merged into an import in brackets": (
        "import json\n\nfrom unchunk import (\n    JSONFragments,\n    rechunk,\n)\n",
        "from unchunk import (\n    JSONFragments,\n    iter_json,\n    rechunk,\n)\n",
    ),
    "there already": ("import json\n\nfrom unchunk import iter_json\n", "from unchunk import iter_json\n"),
    "heading comments stay with their section": (
        "# Standard library\nimport json\nimport os\n\n# Third party\nimport requests\n",
        "# Standard library\nimport os\n\n# Third party\nimport requests\nfrom unchunk import iter_json\n",
    ),
    "an import that a comment speaks for stays": (
        "import json  # noqa: F401\n",
        "import json  # noqa: F401\n\nfrom unchunk import iter_json\n",
    ),
    "an import with blank lines and a comment above it, in front of another with a comment": (
        '"""Doc."""\n\n# about json\nimport json  # why json\n# about os\nimport os\n',
        '"""Doc."""\n\n# about json\n# why json\n# about os\nimport os\n\nfrom unchunk import iter_json\n',
    ),
    "what silences a linter on a line goes with it, and comes with a line that stands as late": (
        'import sys\n\nsys.path.insert(0, "lib")\n\nimport json  # noqa: E402\n\nimport requests  # noqa: E402\n',
        'import sys\n\nsys.path.insert(0, "lib")\n\nimport requests  # noqa: E402\n'
        "from unchunk import iter_json  # noqa: E402\n",
    ),
    "what silences a linter on a line, and says why, stays": (
        "import os\n\nos.nice(1)\nimport json  # noqa: E402 - the order matters\n",
        "import os\n\nfrom unchunk import iter_json\n\nos.nice(1)\nimport json  # noqa: E402 - the order matters\n",
    ),
    "below the lines that change where modules are found": (
        'import json\nimport sys\n\nsys.path.insert(0, "lib")\n\nimport requests\n',
        'import sys\n\nsys.path.insert(0, "lib")\n\nimport requests\nfrom unchunk import iter_json\n',
    ),
    "below the lines that change where modules are found, where no import follows": (
        'import json\nimport sys\n\nif True:\n    sys.path.append("lib")\n',
        'import sys\n\nif True:\n    sys.path.append("lib")\n\nfrom unchunk import iter_json\n',
    ),
    "below what patches the modules that are imported later": (
        "from gevent import monkey\n\nmonkey.patch_all()\n\nimport json\nimport os\n",
        "from gevent import monkey\n\nmonkey.patch_all()\n\nimport os\n\nfrom unchunk import iter_json\n",
    ),
    "behind a section that is in no order": (
        "import zope\nimport attr\nimport yarl\nimport json\n",
        "import zope\nimport attr\nimport yarl\nfrom unchunk import iter_json\n",
    ),
    "in the block of its section": (
        "import json\nimport requests\n\nLOG = 1\n\nfrom attr import define\n",
        "import requests\nfrom unchunk import iter_json\n\nLOG = 1\n\nfrom attr import define\n",
    ),
    "a comment on an import that goes stays where it was": (
        "import json  # to parse\nimport os\n",
        "# to parse\nimport os\n\nfrom unchunk import iter_json\n",
    ),
    "a fallback stays": (
        "try:\n    import orjson\nexcept ImportError:\n    orjson = None\nimport json\n",
        "try:\n    import orjson\nexcept ImportError:\n    orjson = None\n\nfrom unchunk import iter_json\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), HEADS.values(), ids=HEADS)
def test_imports(before: str, after: str) -> None:
    assert fix_source(before + BODY).source == after + AFTER


USES = {
    "called elsewhere": "\n\ndef g(x):\n    return json.dumps(x)\n",
    "exported": '\n\n__all__ = ["f", "json"]\n',
    "in an annotation that is a string": '\n\ndef g(x: "json.JSONDecoder"):\n    pass\n',
    "declared global": "\n\ndef g():\n    global json\n    json = None\n",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_import_that_is_used_elsewhere_stays(use: str) -> None:
    assert fix_source("import json\n" + BODY + use).source.startswith("import json\n\nfrom unchunk import iter_json\n")


def test_import_of_a_package_init_stays() -> None:
    assert fix_source("import json\n" + BODY, "package/__init__.py").source.startswith("import json\n")


def test_from_import_and_alias_go_too() -> None:
    before = "from json import dumps, loads as parse\n" + BODY.replace("json.loads", "parse")
    assert fix_source(before).source.startswith("from json import dumps\n\nfrom unchunk import iter_json\n")
    before = "import json as j\n" + BODY.replace("json.loads", "j.loads")
    assert fix_source(before).source.startswith("from unchunk import iter_json\n")


def test_import_inside_of_a_function_goes_and_ours_comes_to_the_top() -> None:
    before = "import os\n" + BODY.replace("    for", "    import json\n\n    for")
    assert fix_source(before).source == "import os\n\nfrom unchunk import iter_json\n" + AFTER


INSIDE = {
    "in a branch": (
        """
def show(response, verbose):
    if verbose:
        import json
        for chunk in response.iter_content(None):
            print(json.loads(chunk))
""",
        """
def show(response, verbose):
    if verbose:
        for data in iter_json(response.iter_content(None)):
            print(data)
""",
    ),
    "where something else is tried as well": (
        """
def show(response):
    try:
        import json
        for chunk in response.iter_content(None):
            print(json.loads(chunk))
    except OSError:
        print("lost")
""",
        """
def show(response):
    try:
        for data in iter_json(response.iter_content(None)):
            print(data)
    except OSError:
        print("lost")
""",
    ),
    "another function has one of its own": (
        """
def save(data):
    import json
    return json.dumps(data)

def show(response):
    import json
    for chunk in response.iter_content(None):
        print(json.loads(chunk))
""",
        """
def save(data):
    import json
    return json.dumps(data)

def show(response):
    for data in iter_json(response.iter_content(None)):
        print(data)
""",
    ),
    "one that was of no use before is none of ours": (
        """
def other():
    import json

def show(response):
    import json
    for chunk in response.iter_content(None):
        print(json.loads(chunk))
""",
        """
def other():
    import json

def show(response):
    for data in iter_json(response.iter_content(None)):
        print(data)
""",
    ),
    "a function inside of it needs it": (
        """
def show(response):
    import json
    def save(data):
        return json.dumps(data)
    for chunk in response.iter_content(None):
        print(json.loads(chunk))
""",
        """
def show(response):
    import json
    def save(data):
        return json.dumps(data)
    for message in iter_json(response.iter_content(None)):
        print(message)
""",
    ),
    "a parser that may be missing": (
        """
def show(response):
    try:
        import orjson as json
    except ImportError:
        import json
    for chunk in response.iter_content(None):
        print(json.loads(chunk))
""",
        """
def show(response):
    try:
        import orjson as json
    except ImportError:
        import json
    for data in iter_json(response.iter_content(None), loads=json.loads):
        print(data)
""",
    ),
}


@pytest.mark.parametrize(("before", "after"), INSIDE.values(), ids=INSIDE)
def test_import_inside_of_a_function_goes_where_the_function_has_no_use_for_it(before: str, after: str) -> None:
    assert fix_source("import os\n" + before).source == "import os\n\nfrom unchunk import iter_json\n" + after


def test_name_that_is_taken_is_imported_under_another() -> None:
    before = "import json\n\n\ndef iter_json(x):\n    return x\n" + BODY
    fixed = fix_source(before).source
    assert fixed.startswith("from unchunk import iter_json as unchunk_iter_json\n")
    assert "for data in unchunk_iter_json(response" in fixed


def test_vendored_module_belongs_to_the_project(tmp_path: Path) -> None:
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").touch()
    path = package / "app.py"
    before = "import json\n\nimport requests\n\nfrom mine import config\n" + BODY
    path.write_text(before)
    fixed = fix_source(before, str(path), module="mine._unchunk").source
    assert fixed == "import requests\n\nfrom mine import config\nfrom mine._unchunk import iter_json\n" + AFTER


def test_isort_has_nothing_to_add(tmp_path: Path) -> None:
    """Wherever Ruff was content with the imports before, it is afterwards."""
    for number, (before, _) in enumerate(HEADS.values()):
        (tmp_path / f"before_{number}.py").write_text(before + BODY)
        (tmp_path / f"after_{number}.py").write_text(fix_source(before + BODY).source)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "I", "--output-format", "concise"]
    done = subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, text=True)
    wrong = {line.split(":")[0] for line in done.stdout.splitlines() if ".py:" in line}
    assert {
        name for name in wrong if name.startswith("after") and name.replace("after", "before") not in wrong
    } == set()


def test_comment_on_a_name_that_goes_gets_a_line_of_its_own() -> None:
    head = "from json import (\n    loads,  # to parse\n    dumps,  # to print\n)\n"
    fixed = fix_source(head + BODY.replace("json.loads", "loads") + "\n\ndumps(1)\n").source
    assert fixed.startswith("from json import (\n    # to parse\n    dumps,  # to print\n)\n")


def test_only_import_comes_below_what_a_module_says_of_itself() -> None:
    head = '"""Doc."""\n\n__version__ = "1"\n'
    fixed = fix_source(head + BODY.replace("    for", "    import json\n    for")).source
    assert fixed == head + "\nfrom unchunk import iter_json\n" + AFTER


def test_import_that_only_a_doctest_reads_stays() -> None:
    doctest = '\n\ndef g():\n    """\n    >>> json.dumps(1)\n    """\n'
    assert fix_source("import json\n" + BODY + doctest).source.startswith("import json  # noqa: F401\n")


def test_import_that_the_module_itself_patches_stays() -> None:
    patching = '\n\ndef test():\n    with mock.patch("__main__.json.loads"):\n        f(None)\n'
    assert fix_source("import json\n" + BODY + patching).source.startswith("import json  # noqa: F401\n")


OTHERS = {
    "patched": 'from unittest import mock\n\nmock.patch("package.mod.json.loads")\n',
    "patched as a whole": 'monkeypatch.setattr("package.mod.json", None)\n',
    "patched on the module": 'from package import mod as m\n\nmonkeypatch.setattr(m, "json", None)\n',
    "read": "import package.mod\n\npackage.mod.json.loads\n",
    "imported": "from package.mod import f, json\n",
    "imported with all": "from .mod import *\n\njson.loads\n",
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_import_that_another_file_needs_stays(other: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "package").mkdir()
    path = tmp_path / "package" / "mod.py"
    path.write_text("import json\n" + BODY)
    (tmp_path / "test_mod.py").write_text("import package.mod\nimport json\n\njson.loads('1')\n")
    assert "import json" not in fix_source(path.read_text(), str(path)).source
    (tmp_path / "test_other.py").write_text(other)
    assert fix_source(path.read_text(), str(path)).source.startswith("import json  # noqa: F401\n")


TAKEN = {
    "parameter": "def f(response, {0}):\n    return {1}",
    "local": "def f(response):\n    {0} = {1}\n    return {0}",
    "function": "def f(response):\n    return {1}\n\ndef {0}():\n    pass",
}


@pytest.mark.parametrize("name", ["list", "set", "iter_json"])
@pytest.mark.parametrize("place", TAKEN.values(), ids=TAKEN)
def test_no_name_is_written_that_means_something_else(name: str, place: str) -> None:
    brackets = "{{{}}}" if name == "set" else "[{}]"
    stream = 'requests.get("u", stream=True).iter_content(None)'
    made = brackets.format(f"json.loads(c) for c in {stream}")
    fixed = fix_source("import json\nimport requests\n" + place.format(name, made)).source
    assert f"{name}(" not in fixed.replace("unchunk_iter_json(", "").replace(f"def {name}(", "")
    assert f"iter_json({stream})" in fixed


def test_name_of_a_class_is_not_seen_in_its_methods() -> None:
    head = "class A:\n    list = 1\n    def f(self, response):\n        return "
    fixed = fix_source("import json\n" + head + "[json.loads(c) for c in response.iter_content(None)]\n").source
    assert head + "list(iter_json(response.iter_content(None)))\n" in fixed


def test_import_among_several_statements_on_its_line_goes() -> None:
    loop = "for c in requests.get(sys.argv[1]).iter_content(): print(json.loads(c))"
    before = f"import sys, json; import requests\n{loop}\n"
    after = fix_source(before).source
    assert "import sys; import requests\n" in after
    assert "json." not in after
