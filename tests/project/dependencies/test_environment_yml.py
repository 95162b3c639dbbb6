"""environment.yml: the pip list of a conda environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .projects import apply, difference, make, planned, refusals

UNCHANGED = {
    "declared in the pip list": "dependencies:\n  - pip\n  - pip:\n    - unchunk\n",
    "declared in the conda list": "dependencies:\n  - python=3.12\n  - unchunk=0.1\n",
    "declared with a channel": "dependencies:\n  - some-channel::unchunk>=0.1\n",
    "not an environment": "jobs:\n  - run: pip install idna\n",
    "empty": "",
}

LINES = {
    "a pip list": (
        "name: demo\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - idna  # web\n# end\nprefix: x\n",
        "name: demo\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - idna  # web\n      - unchunk>=0.1.0\n"
        "# end\nprefix: x\n",
    ),
    "a pip list in alphabetical order": (
        "dependencies:\n- pip:\n  - idna==3\n  - zipp\n- pip\n",
        "dependencies:\n- pip:\n  - idna==3\n  - unchunk>=0.1.0\n  - zipp\n- pip\n",
    ),
    "a pip list with quotes": (
        'dependencies:\n- pip:\n  - "idna>=3"\n',
        'dependencies:\n- pip:\n  - "idna>=3"\n  - unchunk>=0.1.0\n',
    ),
    "no pip list": (
        "dependencies:\n  - python>=3.10\n  - requests\n",
        "dependencies:\n  - python>=3.10\n  - requests\n  - pip\n  - pip:\n    - unchunk>=0.1.0\n",
    ),
    "no pip list, but pip": (
        "channels: [a]\ndependencies:\n- pip=24\n- requests",
        "channels: [a]\ndependencies:\n- pip=24\n- requests\n- pip:\n  - unchunk>=0.1.0",
    ),
    "a pip list on one line": (
        "dependencies:\n- pip: [idna, certifi]\n",
        "dependencies:\n- pip: [idna, certifi, unchunk>=0.1.0]\n",
    ),
    "line ends of Windows": (
        "dependencies:\r\n- pip:\r\n  - idna\r\n",
        "dependencies:\r\n- pip:\r\n  - idna\r\n  - unchunk>=0.1.0\r\n",
    ),
}


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_stays_as_it_is(text: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"environment.yml": text}))
    assert (plan.edits, plan.refusals) == ((), ())


@pytest.mark.parametrize(("before", "after"), LINES.values(), ids=LINES.keys())
def test_entry_stands_where_a_person_would_put_it(before: str, after: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"environment.yaml": before})
    plan = planned(root)
    assert [edit.after.decode() for edit in plan.edits] == [after]
    apply(plan)
    assert planned(root).edits == ()


def test_requirements_file_that_the_pip_list_includes_takes_the_entry(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"environment.yml": "dependencies:\n- pip:\n  - -r requirements.txt\n", "requirements.txt": "idna\n"},
    )
    assert difference(root, planned(root)) == {"requirements.txt": ["+unchunk>=0.1.0"]}


def test_requirements_file_beside_it_is_reported_not_guessed(tmp_path: Path) -> None:
    root = make(tmp_path, {"environment.yml": "dependencies:\n- requests\n", "requirements.txt": "requests\n"})
    plan = planned(root)
    assert plan.edits == ()
    assert "several places could declare the dependency: requirements.txt, environment.yml" in refusals(root, plan)[0]


@pytest.mark.parametrize("python", ["python=3.9", "python=3.9.7", "python==3.9.*", "python<3.10"])
def test_environment_with_a_python_too_old_is_refused(python: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"environment.yml": f"dependencies:\n- {python}\n- pip:\n  - idna\n"}))
    assert plan.edits == ()
    assert re.fullmatch(r"is for Python .*3.*, but unchunk needs 3\.10", plan.refusals[0].reason)


@pytest.mark.parametrize(
    "python", ["python=3.10", "python>=3.8", "python>=3.11,<3.14", "python", "python=3", "python 3.12.*"]
)
def test_environment_with_a_python_new_enough_is_taken(python: str, tmp_path: Path) -> None:
    assert planned(make(tmp_path, {"environment.yml": f"dependencies:\n- {python}\n- pip:\n  - idna\n"})).edits


def test_file_that_is_not_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"environment.yml": "name: x\ndependencies:\n  - a\n - b\n"}))
    assert plan.edits == ()
    assert plan.refusals[0].line == 4


def test_list_on_one_line_without_pip_is_refused_with_what_to_add(tmp_path: Path) -> None:
    root = make(tmp_path, {"environment.yml": "dependencies: [requests]\n"})
    assert refusals(root, planned(root)) == [
        "environment.yml:1: the dependencies are not written one a line; add `pip: [unchunk>=0.1.0]`"
    ]
