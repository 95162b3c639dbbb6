"""pyproject.toml: `[project]`, groups and extras, and the tools' own tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from .projects import apply, difference, make, notes, planned, refusals

PROJECT = '[project]\nname = "demo"\nversion = "1"\n'
ITEM = ['+  "unchunk>=0.1.0",']

UNCHANGED = {
    "declared": PROJECT + 'dependencies = ["unchunk"]\n',
    "declared with extras": PROJECT + 'dependencies = ["unchunk[flake8] >= 0.1, < 1"]\n',
    "declared in an extra for users": PROJECT
    + 'dependencies = []\n[project.optional-dependencies]\nai = ["unchunk>=0.1"]\n',
    "declared for Poetry": '[tool.poetry.dependencies]\npython = "^3.10"\nunchunk = "^0.1"\n',
    "declared for Poetry with details": '[tool.poetry.dependencies]\nUnchunk = {version = ">=0.1", extras = ["fix"]}\n',
    "declared for Poetry from a folder": '[tool.poetry.dependencies]\nunchunk = {path = "../unchunk"}\n',
    "declared for Poetry in several": '[tool.poetry.dependencies]\nunchunk = [{version = "^1", python = "^3.12"}]\n',
    "declared for Flit": '[tool.flit.metadata]\nmodule = "demo"\nrequires = ["unchunk"]\n',
    "no dependencies' tables": '[tool.ruff]\nline-length = 100\n[build-system]\nrequires = ["setuptools"]\n',
    "empty": "",
}

PROGRAMS = {
    "its own list": (PROJECT + 'dependencies = [\n  "idna",\n]\n', ITEM),
    "linter in a group for work on the project": (
        PROJECT + 'dependencies = [\n  "idna",\n]\n[dependency-groups]\ndev = ["unchunk[flake8]"]\n',
        ITEM,
    ),
    "linter in an extra for work on the project": (
        PROJECT + 'dependencies = [\n  "idna",\n]\n[project.optional-dependencies]\nlint = ["unchunk[flake8]"]\n',
        ITEM,
    ),
    "Poetry": (
        '[tool.poetry]\nname = "demo"\n[tool.poetry.dependencies]\npython = "^3.10"\nidna = "^3"\n',
        ['+unchunk = ">=0.1.0"'],
    ),
    "Poetry, nothing but Python": ('[tool.poetry.dependencies]\npython = "^3.10"\n', ['+unchunk = ">=0.1.0"']),
    "Poetry beside a project table without a list": (
        PROJECT + '[tool.poetry.dependencies]\npython = "^3.10"\nidna = "^3"\n',
        ['+unchunk = ">=0.1.0"'],
    ),
    "Poetry's details beside the project's list": (
        PROJECT + 'dependencies = [\n  "idna",\n]\n[tool.poetry.dependencies]\nidna = {source = "x"}\n',
        ITEM,
    ),
    "Poetry where the project's list is dynamic": (
        PROJECT + 'dynamic = ["dependencies"]\n[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
        '[tool.poetry.dependencies]\nidna = "^3"\n',
        ['+unchunk = ">=0.1.0"'],
    ),
    "Flit": ('[tool.flit.metadata]\nmodule = "demo"\nrequires = [\n  "idna",\n]\n', ITEM),
    "tables out of order": (
        "[tool.poetry]\nx = 1\n" + PROJECT + 'dependencies = [\n  "idna",\n]\n[tool.ruff]\ny = 1\n',
        ITEM,
    ),
    "dotted keys": ('project.name = "demo"\nproject.dependencies = [\n  "idna",\n]\n', ITEM),
    "uv's own settings": (
        PROJECT + 'dependencies = [\n  "idna",\n]\n[tool.uv.sources]\nidna = { path = "../idna" }\n',
        ITEM,
    ),
}

TESTS = {
    "group for tests": ('[dependency-groups]\ndocs = ["sphinx"]\ntest = [\n  "pytest",\n]\ndev = []\n', ITEM),
    "group for unit tests": ('[dependency-groups]\nunit-tests = [\n  "pytest",\n]\n', ITEM),
    "the plain one of several groups for tests": (
        '[dependency-groups]\ntest-slow = []\ndocs-tests = []\ntests = [\n  "pytest",\n]\n',
        ITEM,
    ),
    "development before one kind of tests": ('[dependency-groups]\ndocs-tests = []\ndev = [\n  "pytest",\n]\n', ITEM),
    "group for development": ('[dependency-groups]\ndocs = ["sphinx"]\ndev = [\n  "pytest",\n]\n', ITEM),
    "group that includes another": (
        '[dependency-groups]\ntest = [\n  {include-group = "base"},\n  "pytest",\n]\nbase = ["idna"]\n',
        ITEM,
    ),
    "extra for tests": ('[project.optional-dependencies]\ntesting = [\n  "pytest",\n]\n', ITEM),
    "group before extra": (
        '[project.optional-dependencies]\ntest = ["pytest"]\n[dependency-groups]\ntest = [\n  "pytest",\n]\n',
        ITEM,
    ),
    "extra for tests before group for development": (
        '[project.optional-dependencies]\ntest = [\n  "pytest",\n]\n[dependency-groups]\ndev = ["pytest"]\n',
        ITEM,
    ),
    "Poetry's group": ('[tool.poetry.group.test.dependencies]\npytest = "*"\n', ['+unchunk = ">=0.1.0"']),
    "Poetry's table for development": ('[tool.poetry.dev-dependencies]\npytest = "*"\n', ['+unchunk = ">=0.1.0"']),
    "PDM's group": ('[tool.pdm.dev-dependencies]\nlint = ["ruff"]\ntest = [\n  "pytest",\n]\n', ITEM),
    "uv's list for development": ('[tool.uv]\ndev-dependencies = [\n  "pytest",\n]\n', ITEM),
    "Hatch's environment": ('[tool.hatch.envs.test]\ndependencies = [\n  "pytest",\n]\n', ITEM),
    "Hatch's test environment": ('[tool.hatch.envs.hatch-test]\nextra-dependencies = [\n  "httpx",\n]\n', ITEM),
    "Hatch's default environment": ('[tool.hatch.envs.default]\ndependencies = [\n  "pytest",\n]\n', ITEM),
    "Flit's extra": ('[tool.flit.metadata.requires-extra]\ntest = [\n  "pytest",\n]\n', ITEM),
    "nothing for tests": ('dependencies = [\n  "idna",\n]\n', ITEM),
}

TESTS_UNCHANGED = {
    "the program's": 'dependencies = ["unchunk"]\n[dependency-groups]\ntest = ["pytest"]\n',
    "the group's": '[dependency-groups]\ntest = ["unchunk"]\n',
    "an included group's": '[dependency-groups]\ntest = [{include-group = "Base_x"}]\nbase-x = ["unchunk"]\n',
    "an included group's group": (
        '[dependency-groups]\na = ["unchunk"]\nb = [{include-group = "a"}]\ntest = [{include-group = "b"}]\n'
    ),
    "groups in a circle": (
        '[dependency-groups]\na = [{include-group = "test"}, "unchunk"]\ntest = [{include-group = "a"}]\n'
    ),
    "another extra's": ('[project.optional-dependencies]\nai = ["unchunk"]\ntest = ["demo[AI]", "pytest"]\n'),
    "the extras of an extra's": (
        '[project.optional-dependencies]\nai = ["unchunk"]\nall = ["demo[ai]"]\ntest = ["demo[all]"]\n'
    ),
}


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_stays_as_it_is(text: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"pyproject.toml": text}))
    assert (plan.edits, plan.refusals) == ((), ())


@pytest.mark.parametrize(("text", "changed"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_program_s_entry(text: str, changed: list[str], tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": text})
    plan = planned(root)
    assert difference(root, plan) == {"pyproject.toml": changed}
    apply(plan)
    assert planned(root).edits == ()


@pytest.mark.parametrize(("text", "changed"), TESTS.values(), ids=TESTS.keys())
def test_tests_entry(text: str, changed: list[str], tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": (PROJECT if "flit" not in text else "") + text})
    plan = planned(root, "tests/test_app.py")
    assert difference(root, plan) == {"pyproject.toml": changed}
    apply(plan)
    assert planned(root, "tests/test_app.py").edits == ()


@pytest.mark.parametrize("text", TESTS_UNCHANGED.values(), ids=TESTS_UNCHANGED.keys())
def test_tests_that_have_it_already_through_others_get_nothing(text: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"pyproject.toml": PROJECT + text}), "tests/test_app.py")
    assert (plan.edits, plan.refusals) == ((), ())


def test_hatch_s_environments_in_a_file_of_their_own(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"pyproject.toml": PROJECT, "hatch.toml": '[envs.test]\ndependencies = [\n  "pytest",\n]\n'},
    )
    assert difference(root, planned(root, "tests/test_app.py")) == {"hatch.toml": ITEM}


@pytest.mark.parametrize(
    "table",
    [
        '[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}\n',
        '[tool.setuptools.dynamic]\ndependencies = {file = "deps.txt"}\n',
        '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["deps.txt"]\n',
    ],
    ids=["setuptools", "setuptools, one file", "hatch-requirements-txt"],
)
def test_dynamic_list_that_is_read_from_a_file_is_that_file(table: str, tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"pyproject.toml": PROJECT + 'dynamic = ["dependencies"]\n' + table, "deps.txt": "idna\n"},
    )
    assert difference(root, planned(root)) == {"deps.txt": ["+unchunk>=0.1.0"]}


def test_dynamic_list_that_is_read_from_a_missing_file_is_refused(tmp_path: Path) -> None:
    table = 'dynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}\n'
    root = make(tmp_path, {"pyproject.toml": PROJECT + table})
    assert refusals(root, planned(root)) == [
        "deps.txt: is named as the list of dependencies, but is missing; add `unchunk>=0.1.0` by hand"
    ]


def test_dynamic_list_of_setuptools_is_followed_to_setup_py(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PROJECT + 'dynamic = ["dependencies"]\n',
        "setup.py": "setup(install_requires=['idna'])\n",
    }
    root = make(tmp_path, files)
    assert set(difference(root, planned(root))) == {"setup.py"}


def test_setup_py_of_another_time_is_not_the_list_of_another_backend(tmp_path: Path) -> None:
    text = PROJECT + 'dynamic = ["dependencies"]\n[build-system]\nbuild-backend = "hatchling.build"\n'
    root = make(tmp_path, {"pyproject.toml": text, "setup.py": "setup(install_requires=['idna'])\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert "the dependencies are dynamic: hatchling.build works them out" in refusals(root, plan)[0]


def test_dynamic_list_that_a_backend_works_out_is_refused_with_its_line(tmp_path: Path) -> None:
    text = '[build-system]\nbuild-backend = "mine"\n\n[project]\nname = "demo"\ndynamic = ["version", "dependencies"]\n'
    root = make(tmp_path, {"pyproject.toml": text})
    assert refusals(root, planned(root)) == [
        "pyproject.toml:6: the dependencies are dynamic: mine works them out; add `unchunk>=0.1.0` by hand"
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (PROJECT + 'dependencies = [\n  "idna",\n  "unchunk<0.1",\n]\n', "pyproject.toml:6: asks for `unchunk<0.1`"),
        (PROJECT + 'dependencies = []\n[dependency-groups]\ndev = [\n  "unchunk==0.0.9",\n]\n', "pyproject.toml:7: "),
        (
            '[tool.poetry.dependencies]\nidna = "*"\nunchunk = "^0.0.4"\n',
            'pyproject.toml:3: asks for `unchunk = "^0.0.4"`',
        ),
        ('[tool.poetry.dependencies.unchunk]\nversion = "~0.0"\n', 'pyproject.toml:1: asks for `unchunk = "~0.0"`'),
        (PROJECT + 'dependencies = []\n[tool.uv]\nconstraint-dependencies = ["unchunk<=0.0.9"]\n', "pyproject.toml"),
    ],
    ids=["list", "group", "Poetry", "Poetry's own table", "uv's constraint"],
)
def test_pin_that_keeps_the_needed_version_out_is_refused(text: str, place: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": text})
    plan = planned(root)
    assert plan.edits == ()
    assert refusals(root, plan)[0].startswith(place)
    assert "but the fix needs `unchunk>=0.1.0`" in refusals(root, plan)[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[project\n", "pyproject.toml:1: is not valid TOML"),
        ('[project]\nname = "a"\ndependencies = [\n', "is not valid TOML (it ends in the middle of a value)"),
        ('[project]\nname = "a"\nname = "b"\n', "is not valid TOML"),
        (b"[project]\nname = '\xff'\n", "pyproject.toml:2: is not UTF-8 text"),
    ],
    ids=["header", "broken off", "twice", "encoding"],
)
def test_file_that_cannot_be_read_is_refused_with_its_line(text: str | bytes, reason: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": text, "requirements.txt": "idna\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert reason in refusals(root, plan)[0]


PYTHONS_REFUSED = {
    "uv": PROJECT + 'requires-python = ">=3.9"\ndependencies = []\n[tool.uv]\n',
    "uv's backend": PROJECT + 'requires-python = ">=3.8"\n[build-system]\nbuild-backend = "uv_build"\n',
    "Poetry": '[tool.poetry.dependencies]\npython = "^3.8"\n',
    "PDM": PROJECT + 'requires-python = ">=3.9"\ndependencies = []\n[tool.pdm]\ndistribution = true\n',
}


@pytest.mark.parametrize("text", PYTHONS_REFUSED.values(), ids=PYTHONS_REFUSED.keys())
def test_python_too_old_is_refused_where_the_lock_would_fail(text: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": text})
    if "[tool.uv]" in text:
        (root / "uv.lock").touch()
    plan = planned(root)
    assert plan.edits == ()
    assert "but unchunk needs 3.10; raise the project's lowest Python to 3.10" in refusals(root, plan)[0]


def test_python_too_old_is_told_where_the_rest_can_still_be_installed(tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": PROJECT + 'requires-python = ">=3.8"\ndependencies = []\n'})
    plan = planned(root)
    assert set(difference(root, plan)) == {"pyproject.toml"}
    assert notes(root, plan) == [
        "pyproject.toml: supports Python 3.8, but unchunk needs 3.10: the fixed files do not run below that"
    ]


def test_own_project_needs_no_dependency_on_itself(tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"pyproject.toml": '[project]\nname = "Unchunk"\ndependencies = []\n'}))
    assert (plan.edits, plan.refusals, plan.notes) == ((), (), ())
