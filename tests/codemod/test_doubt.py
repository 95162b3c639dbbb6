"""Pieces that symbolic execution cannot follow and a fix would swallow, alter or cut elsewhere: never a safe fix."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from unchunk.analysis import check_source
from unchunk.codemod import fix_source
from unchunk.codemod.plan import Planned, plan

PROGRAM = """\
import codecs
import json
import os
from .settings import IDLE
{module}

class Reader(Base):
    BEAT = b"\\n"

    def idle(self, chunk):
        {idle}

    def rows(self, response):
        for chunk in response.iter_content(None):
{body}
{below}
"""


def planned(body: str, module: str = "", idle: str = "pass", below: str = "") -> list[Planned]:
    text = PROGRAM.format(body=indent(body, " " * 12), module=module, idle=idle, below=below)
    return plan(check_source(text))


ANSWERED = "    self.beat()\n    continue\nprint(json.loads(chunk))"
NO_DOUBT = {
    "a test of something else": "if self.closed:\n    break\nif self.loud:\n    print(1)\nprint(json.loads(chunk))",
    "blanks that are skipped, whatever they are": "if chunk == self.BEAT:\n    continue\nprint(json.loads(chunk))",
    "a test of a value": "data = json.loads(chunk)\nif data == self.BEAT:\n    self.beat()\nprint(data)",
    "a byte order mark that the decoder takes off": "print(json.loads(chunk.decode('utf-8-sig')))",
    "a byte order mark that is tested for": "if chunk.startswith(b'\\xef\\xbb\\xbf'):\n    chunk = chunk[3:]\n"
    "print(json.loads(chunk))",
}


@pytest.mark.parametrize("body", NO_DOUBT.values(), ids=NO_DOUBT)
def test_what_is_no_doubt_stays_safe(body: str) -> None:
    assert [entry.safe for entry in planned(body)] == [True]


DOUBTFUL = {
    "a set of the module": (f"if chunk in BEATS:\n{ANSWERED}", 'BEATS = frozenset({b"\\n"})'),
    "a tuple of the module": (f"if chunk in BEATS:\n{ANSWERED}", 'BEATS = (b"\\n", b"")'),
    "a list of the module": (f"if chunk in BEATS:\n{ANSWERED}", 'BEATS = [b"\\n"]'),
    "a list that may change": (f"if chunk in beats:\n{ANSWERED}", 'beats = [b"\\n"]'),
    "a constant of the class": (f"if chunk == self.BEAT:\n{ANSWERED}", ""),
    "a constant of another file": (f"if chunk in IDLE:\n{ANSWERED}", ""),
    "a value of another module": (f"if chunk == os.linesep.encode():\n{ANSWERED}", ""),
    "a function of another file": (f"if self.is_beat(chunk):\n{ANSWERED}", ""),
    "a pattern": (
        "match chunk:\n    case IDLE.BEAT:\n        self.beat()\n    case _:\n        print(json.loads(chunk))",
        "",
    ),
    "a method that is there to be overridden": (
        "if not chunk.strip():\n    self.idle(chunk)\n    continue\nprint(json.loads(chunk))",
        "",
    ),
    "what something unknown ends": ("if chunk.strip() == self.end:\n    break\nprint(json.loads(chunk))", ""),
    "a line end in front of documents": (
        "if not chunk.startswith(b'\\n'):\n    continue\nprint(json.loads(chunk))",
        "",
    ),
    "a line end in front that is counted": (
        "if chunk[0] == 10:\n    chunk = chunk[1:]\n    print('led')\nprint(json.loads(chunk))",
        "",
    ),
    "documents that are joined by hand": ("print(json.loads(b'[' + chunk.replace(b'}{', b'},{') + b']'))", ""),
    "pieces split at something unknown": ("print(json.loads(chunk.split(self.end)[0]))", ""),
}


@pytest.mark.parametrize(("body", "module"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_cannot_be_computed_of_a_piece_makes_no_safe_fix(body: str, module: str) -> None:
    found = planned(body, module)
    assert found
    assert not any(entry.safe for entry in found)
    assert all(entry.reason for entry in found)


def test_a_method_that_a_derived_class_overrides_is_not_known() -> None:
    below = "\nclass Other(Reader):\n    def idle(self, chunk):\n        return not chunk.strip()\n"
    found = planned(f"if self.idle(chunk):\n{ANSWERED}", idle="return False", below=below)
    assert [entry.safe for entry in found] == [False]


REBOUND = {
    # What is read of a step's name, and whether values do without the step.
    "data = json.loads(chunk)\nchunk = data['x']\nprint(chunk)": True,
    "text = chunk.decode()\ndata = json.loads(text)\ntext = data['x']\nprint(text)": True,
    "text = chunk.decode()\ndata = json.loads(text)\nprint(text)": False,
    "data = json.loads(chunk)\nif data:\n    chunk = data['x']\nprint(chunk)": False,
    "data = json.loads(chunk)\nchunk = chunk.decode()\nprint(chunk)": False,
    "data = json.loads(chunk)\nchunk = data['x']\nself.later(lambda: chunk)": False,
    "data = json.loads(chunk)\nfor chunk in data:\n    pass\nprint(chunk)": False,
}


@pytest.mark.parametrize(("body", "gone"), REBOUND.items())
def test_a_name_that_is_bound_anew_is_no_use_of_the_step(body: str, gone: bool) -> None:
    (entry,) = planned(body)
    assert (entry.fix is not None and entry.fix.strategy == "values") is gone


def test_a_type_comment_does_not_become_one_of_its_own() -> None:
    before = (
        "import json\n\ndef f(response):\n    for chunk in response.iter_content(None):\n"
        "        data = json.loads(chunk)  # type: dict\n        print(data)\n"
    )
    after = fix_source(before, unsafe=True).source
    assert "        # (type: dict)\n" in after
    compile(after, "after.py", "exec")


TESTS = {
    "nothing patched": ("import pkg.mod\n", True),
    "another module": ('import pkg.mod\nmock.patch("pkg.other.json.loads")\n', True),
    "another name": ('import pkg.mod\nmock.patch("pkg.mod.json.dumps")\n', True),
    "by its path": ('mock.patch("pkg.mod.json.loads")\n', False),
    "its module": ('mock.patch("pkg.mod.json")\n', False),
    "by its object": ('from pkg import mod\nmock.patch.object(mod.json, "loads", side_effect=ValueError)\n', False),
    "everywhere": ('import json\nimport pkg.mod\nmonkeypatch.setattr(json, "loads", fake)\n', False),
    "by hand": ("import pkg.mod\npkg.mod.json.loads = fake\n", False),
}


@pytest.mark.parametrize(("test", "safe"), TESTS.values(), ids=TESTS)
def test_a_parser_that_tests_patch_is_told_of(tmp_path: Path, test: str, safe: bool) -> None:
    module = tmp_path / "pkg" / "mod.py"
    module.parent.mkdir()
    text = "import json\n\ndef f(r):\n    for chunk in r.iter_content(None):\n        print(json.loads(chunk))\n"
    module.write_text(text)
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "test_mod.py").write_text(test)
    (entry,) = plan(check_source(text, str(module)))
    assert entry.safe is safe
    assert safe or "`test_mod.py` patches `json.loads`" in entry.reason
