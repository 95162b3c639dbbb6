"""Requirements files: which of them takes the entry, and where in it."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from .projects import apply, difference, make, notes, planned, refusals

ADDED = ["+unchunk>=0.1.0"]

UNCHANGED = {
    "declared": {"requirements.txt": "unchunk\n"},
    "declared with a version": {"requirements.txt": "idna\nunchunk>=0.2,<1  # streams\n"},
    "declared with extras": {"requirements.txt": "unchunk[flake8,fix]==0.1.3\n"},
    "declared in other letters": {"requirements.txt": "Unchunk ~= 0.1\n"},
    "declared by address": {"requirements.txt": "unchunk @ https://files.example/unchunk-0.1.0-py3-none-any.whl\n"},
    "declared from a repository": {"requirements.txt": "-e git+https://git.example/unchunk.git#egg=unchunk\n"},
    "declared with hashes": {"requirements.txt": "unchunk==0.1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"},
    "declared in an included file": {"requirements.txt": "-r more.txt\nidna\n", "more.txt": "unchunk>=0.1\n"},
    "declared in a file included by that": {
        "requirements.txt": "--requirement=deps/a.txt\nidna\n",
        "deps/a.txt": "-r b.txt\n",
        "deps/b.txt": "unchunk\n",
    },
    "declared for some": {"requirements.txt": 'unchunk; sys_platform == "linux"\n'},
    "included in a circle": {"requirements.txt": "-r a.txt\nunchunk\n", "a.txt": "-r requirements.txt\n"},
}

PLACED = {
    "only file": ({"requirements.txt": "idna\n"}, "requirements.txt"),
    "empty": ({"requirements.txt": ""}, "requirements.txt"),
    "nothing but options": ({"requirements.txt": "--pre\n# idna\n"}, "requirements.txt"),
    "for development too": ({"requirements.txt": "idna\n", "requirements-dev.txt": "pytest\n"}, "requirements.txt"),
    "for documentation too": ({"requirements.txt": "idna\n", "docs/requirements.txt": "sphinx\n"}, "requirements.txt"),
    "constraints beside": (
        {"requirements.txt": "-c constraints.txt\nidna\n", "constraints.txt": "idna<4\n"},
        "requirements.txt",
    ),
    "constraints only named so": (
        {"requirements.txt": "idna\n", "requirements-constraints.txt": "a==1\n"},
        "requirements.txt",
    ),
    "commented out": ({"requirements.txt": "idna\n# unchunk\n"}, "requirements.txt"),
    "names that only begin so": ({"requirements.txt": "unchunk-more\n"}, "requirements.txt"),
    "a folder with one": ({"requirements/main.txt": "idna\n"}, "requirements/main.txt"),
    "a folder with roles": (
        {
            "requirements/base.txt": "idna\n",
            "requirements/dev.txt": "-r base.txt\nblack\n",
            "requirements/test.txt": "pytest\n",
        },
        "requirements/base.txt",
    ),
    "a base that all include": (
        {
            "requirements/common.txt": "idna\n",
            "requirements/web.txt": "-r common.txt\nflask\n",
            "requirements/worker.txt": "-r web.txt\ncelery\n",
        },
        "requirements/common.txt",
    ),
    "a file that only includes another": (
        {"requirements.txt": "# for the host\n-r requirements/prod.txt\n", "requirements/prod.txt": "idna\n"},
        "requirements/prod.txt",
    ),
    "an in file": ({"requirements.in": "idna\n", "requirements.txt": "idna==3.10\n"}, "requirements.in"),
    "an environment's in file": (
        {"requirements-test.in": "pytest\n", "requirements-test.txt": "pytest==8\n", "requirements.txt": "idna\n"},
        "requirements.txt",
    ),
    "another name": ({"app-requirements.txt": "idna\n"}, "app-requirements.txt"),
}

FOR_TESTS = {
    "by suffix": ({"requirements.txt": "idna\n", "requirements-test.txt": "pytest\n"}, "requirements-test.txt"),
    "by prefix": ({"requirements.txt": "idna\n", "test-requirements.txt": "pytest\n"}, "test-requirements.txt"),
    "with underscore": ({"requirements.txt": "idna\n", "requirements_tests.txt": "pytest\n"}, "requirements_tests.txt"),
    "development where there is none for tests": (
        {"requirements.txt": "idna\n", "requirements-dev.txt": "pytest\n", "requirements-docs.txt": "sphinx\n"},
        "requirements-dev.txt",
    ),
    "in a folder": (
        {"requirements/base.txt": "idna\n", "requirements/testing.in": "pytest\n"},
        "requirements/testing.in",
    ),
    "in the tests' folder": (
        {"requirements.txt": "idna\n", "tests/requirements.txt": "pytest\n"},
        "tests/requirements.txt",
    ),
    "the program's where there is no other": ({"requirements.txt": "idna\n"}, "requirements.txt"),
}

LINES = {
    "at the end": ("idna\n", "idna\nunchunk>=0.1.0\n"),
    "no line end at the end": ("idna", "idna\nunchunk>=0.1.0"),
    "empty": ("", "unchunk>=0.1.0\n"),
    "blank lines and comments at the end": ("idna\n\n# end\n", "idna\nunchunk>=0.1.0\n\n# end\n"),
    "comment behind": ("idna # x\n", "idna # x\nunchunk>=0.1.0\n"),
    "in alphabetical order": ("certifi\nidna==3\nzipp\n", "certifi\nidna==3\nunchunk>=0.1.0\nzipp\n"),
    "all later in the alphabet": ("wheel\nzipp\n", "unchunk>=0.1.0\nwheel\nzipp\n"),
    "no order": ("zipp\nidna\n", "zipp\nidna\nunchunk>=0.1.0\n"),
    "options between": ("-c c.txt\nidna\n--pre\n", "-c c.txt\nidna\nunchunk>=0.1.0\n--pre\n"),
    "a line over several": ("idna \\\n  >=3\n# end\n", "idna \\\n  >=3\nunchunk>=0.1.0\n# end\n"),
    "blanks around versions": ("idna == 3\ncertifi >= 2\n", "idna == 3\ncertifi >= 2\nunchunk >= 0.1.0\n"),
    "only comments": ("# nothing\n", "# nothing\nunchunk>=0.1.0\n"),
    "only comments, no line end": ("# nothing", "# nothing\nunchunk>=0.1.0"),
    "line ends of Windows": ("idna\r\nzipp\r\n", "idna\r\nunchunk>=0.1.0\r\nzipp\r\n"),
}


@pytest.mark.parametrize("files", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_declared_already_stays_as_it_is(files: dict[str, str], tmp_path: Path) -> None:
    plan = planned(make(tmp_path, files))
    assert (plan.edits, plan.refusals) == ((), ())


@pytest.mark.parametrize(("files", "name"), PLACED.values(), ids=PLACED.keys())
def test_program_s_entry_goes_to(files: dict[str, str], name: str, tmp_path: Path) -> None:
    root = make(tmp_path, files)
    plan = planned(root)
    assert difference(root, plan) == {name: ADDED}
    apply(plan)
    assert planned(root).edits == ()


@pytest.mark.parametrize(("files", "name"), FOR_TESTS.values(), ids=FOR_TESTS.keys())
def test_tests_entry_goes_to(files: dict[str, str], name: str, tmp_path: Path) -> None:
    root = make(tmp_path, files)
    assert difference(root, planned(root, "tests/test_app.py")) == {name: ADDED}


def test_tests_need_no_entry_of_their_own_where_the_program_has_one(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "unchunk\n", "requirements-test.txt": "pytest\n"})
    assert planned(root, "tests/test_app.py").edits == ()


@pytest.mark.parametrize(("before", "after"), LINES.values(), ids=LINES.keys())
def test_entry_stands_where_a_person_would_put_it(before: str, after: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"requirements.txt": before}))
    assert [edit.after.decode() for edit in plan.edits] == [after]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")],
)
def test_file_with_a_byte_order_mark_keeps_its_encoding(mark: bytes, encoding: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": mark + "idna\r\nzipp\r\n".encode(encoding)})
    plan = planned(root)
    assert plan.edits[0].after == mark + "idna\r\nunchunk>=0.1.0\r\nzipp\r\n".encode(encoding)


def test_file_with_a_coding_cookie_keeps_its_encoding(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\nidna  # f\xfcr Namen\n"
    root = make(tmp_path, {"requirements.txt": text.encode("latin-1")})
    assert planned(root).edits[0].after == f"{text}unchunk>=0.1.0\n".encode("latin-1")


def test_hashes_mode_is_refused_with_the_line_to_add(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": "# pinned\nidna==3.10 \\\n    --hash=sha256:00\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert refusals(root, plan) == [
        "requirements.txt:2: is in hash-checking mode: pip refuses an entry without a hash; add `unchunk==0.1.0 "
        "--hash=sha256:…` with the hashes that `pip hash` or `pip-compile --generate-hashes` gives"
    ]


def test_option_that_demands_hashes_is_hashes_mode(tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"requirements.txt": "--require-hashes\n"}))
    assert plan.refusals[0].line == 1


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"requirements.txt": "unchunk<0.1\n"}, "requirements.txt:1"),
        ({"requirements.txt": "idna\nunchunk==0.0.9\n"}, "requirements.txt:2"),
        ({"requirements.txt": "-c limits.txt\nidna\n", "limits.txt": "# x\nunchunk==0.0.9\n"}, "limits.txt:2"),
        ({"requirements.txt": "-r more.txt\nidna\n", "more.txt": "unchunk~=0.0.4\n"}, "more.txt:1"),
    ],
    ids=["upper bound", "other version", "constraint", "included"],
)
def test_pin_that_keeps_the_needed_version_out_is_refused(files: dict[str, str], place: str, tmp_path: Path) -> None:
    root = make(tmp_path, files)
    plan = planned(root)
    assert plan.edits == ()
    told = refusals(root, plan)[0]
    assert told.startswith(f"{place}: asks for `unchunk")
    assert told.endswith("but the fix needs `unchunk>=0.1.0`; change it to `unchunk>=0.1.0`")


def test_several_files_without_a_base_are_reported_not_guessed(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements-cpu.txt": "a\n", "requirements-gpu.txt": "b\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert refusals(root, plan) == [
        "requirements-cpu.txt: several places could declare the dependency: requirements-cpu.txt, "
        "requirements-gpu.txt; add `unchunk>=0.1.0` by hand"
    ]


def test_generated_file_without_its_source_is_refused(tmp_path: Path) -> None:
    command = "uv pip compile gone.in -o requirements.txt"
    header = f"# This file was autogenerated by uv via the following command:\n#    {command}\n"
    root = make(tmp_path, {"requirements.txt": header + "idna==3.10\n    # via -r gone.in\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert refusals(root, plan) == [
        "requirements.txt:1: is generated (uv), and the file it is generated from is not here; "
        "add `unchunk>=0.1.0` to that file and run `uv pip compile gone.in -o requirements.txt`"
    ]


def test_entry_that_is_not_for_all_is_told(tmp_path: Path) -> None:
    root = make(tmp_path, {"requirements.txt": 'unchunk; sys_platform == "linux"\n'})
    assert notes(root, planned(root)) == ['requirements.txt: declares unchunk only where sys_platform == "linux"']
