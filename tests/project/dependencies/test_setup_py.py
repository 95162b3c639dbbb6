"""setup.py: lists that are written out are added to, others are left to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from .projects import apply, difference, make, planned, refusals

UNCHANGED = {
    "declared": "from setuptools import setup\nsetup(install_requires=['idna', 'unchunk[fix]>=0.1'])\n",
    "declared by name": "import setuptools\nREQUIRES = ['unchunk']\nsetuptools.setup(install_requires=REQUIRES)\n",
    "no package": "print('setup(')\n",
}

LINES = {
    "one line": (
        "from setuptools import setup\nsetup(name='x', install_requires=['idna'], zip_safe=False)\n",
        "from setuptools import setup\nsetup(name='x', install_requires=['idna', 'unchunk>=0.1.0'], zip_safe=False)\n",
    ),
    "an item a line": (
        'import setuptools\nsetuptools.setup(\n    install_requires=[\n        "idna>=3",  # ü\n'
        '        "zipp",\n    ],\n)\n',
        'import setuptools\nsetuptools.setup(\n    install_requires=[\n        "idna>=3",  # ü\n'
        '        "unchunk>=0.1.0",\n        "zipp",\n    ],\n)\n',
    ),
    "a tuple": ("setup(install_requires=('idna',))\n", "setup(install_requires=('idna', 'unchunk>=0.1.0',))\n"),
    "an empty tuple": ("setup(install_requires=())\n", 'setup(install_requires=("unchunk>=0.1.0",))\n'),
    "an empty list": ("setup(\n    install_requires=[],\n)\n", 'setup(\n    install_requires=["unchunk>=0.1.0"],\n)\n'),
    "a name": (
        "REQUIRES = [\n    'idna',\n]\n\nsetup(install_requires=REQUIRES, extras_require={'all': REQUIRES + ['x']})\n",
        "REQUIRES = [\n    'idna',\n    'unchunk>=0.1.0',\n]\n\n"
        "setup(install_requires=REQUIRES, extras_require={'all': REQUIRES + ['x']})\n",
    ),
    "a name with an annotation": (
        'NEEDS: list[str] = ["idna"]\nsetup(install_requires=NEEDS)\n',
        'NEEDS: list[str] = ["idna", "unchunk>=0.1.0"]\nsetup(install_requires=NEEDS)\n',
    ),
    "no list yet": (
        "setup(\n    name='demo',\n    packages=['demo'],\n)\n",
        "setup(\n    name='demo',\n    packages=['demo'],\n    install_requires=['unchunk>=0.1.0'],\n)\n",
    ),
    "no list yet, one line": ('setup(name="demo")\n', 'setup(name="demo", install_requires=["unchunk>=0.1.0"])\n'),
    "nothing yet": ("setup()\n", 'setup(install_requires=["unchunk>=0.1.0"])\n'),
    "text outside of ASCII before the list": (
        "é = 'ß'; setup(description='äöü', install_requires=['idna'])\n",
        "é = 'ß'; setup(description='äöü', install_requires=['idna', 'unchunk>=0.1.0'])\n",
    ),
    "line ends of Windows": (
        "setup(\r\n  install_requires=[\r\n    'idna',\r\n  ],\r\n)\r\n",
        "setup(\r\n  install_requires=[\r\n    'idna',\r\n    'unchunk>=0.1.0',\r\n  ],\r\n)\r\n",
    ),
}

COMPUTED = {
    "a sum": ("setup(install_requires=['idna'] + more)\n", 1),
    "a call": ("setup(\n  install_requires=open('requirements.txt').read().splitlines(),\n)\n", 2),
    "a starred item": ("setup(install_requires=['idna', *more])\n", 1),
    "a comprehension": ("setup(install_requires=[name for name in names])\n", 1),
    "a text": ("setup(install_requires='idna')\n", 1),
    "an item that is no text": ("setup(install_requires=['idna' + version])\n", 1),
    "a name that is added to": ("R = ['idna']\nR.append('x')\nsetup(install_requires=R)\n", 3),
    "a name that grows": ("R = ['idna']\nR += ['x']\nsetup(install_requires=R)\n", 3),
    "a name bound twice": ("R = ['idna']\nif True:\n    R = []\nsetup(install_requires=R)\n", 4),
    "a name from elsewhere": ("from deps import R\nsetup(install_requires=R)\n", 2),
    "a name handed to a function": ("R = ['idna']\nchange(R)\nsetup(install_requires=R)\n", 3),
    "keywords from elsewhere": ("options = {}\nsetup(name='demo', **options)\n", 2),
    "several calls": ("if True:\n    setup(install_requires=[])\nelse:\n    setup()\n", 4),
}


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_stays_as_it_is(text: str, tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"setup.py": text}))
    assert (plan.edits, plan.refusals) == ((), ())


@pytest.mark.parametrize(("before", "after"), LINES.values(), ids=LINES.keys())
def test_entry_stands_where_a_person_would_put_it(before: str, after: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.py": before})
    plan = planned(root)
    assert [edit.after.decode() for edit in plan.edits] == [after]
    compile(plan.edits[0].after, "setup.py", "exec")
    apply(plan)
    assert planned(root).edits == ()


@pytest.mark.parametrize(("text", "line"), COMPUTED.values(), ids=COMPUTED.keys())
def test_what_is_computed_is_refused_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.py": text, "requirements.txt": "idna\n"})
    plan = planned(root)
    assert plan.edits == ()
    told = refusals(root, plan)[0]
    assert told.startswith(f"setup.py:{line}: ")
    assert told.endswith("; add `unchunk>=0.1.0` by hand")


def test_file_that_is_not_python_is_refused_with_its_line(tmp_path: Path) -> None:
    plan = planned(make(tmp_path, {"setup.py": "import os\nprint 'old'\nsetup()\n"}))
    assert (plan.refusals[0].line, plan.refusals[0].path.name) == (2, "setup.py")


def test_tests_entry_goes_to_the_extra_for_tests(tmp_path: Path) -> None:
    text = "setup(install_requires=['idna'], extras_require={'docs': ['sphinx'], 'test': ['pytest']})\n"
    root = make(tmp_path, {"setup.py": text})
    assert difference(root, planned(root, "tests/test_a.py")) == {
        "setup.py": [
            f"-{text.strip()}",
            f"+{text.strip().replace(chr(39) + 'pytest' + chr(39), repr('pytest') + ', ' + repr('unchunk>=0.1.0'))}",
        ]
    }


def test_list_beside_a_setup_cfg_with_the_metadata_is_the_list(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "setup.py": "setup(install_requires=['idna'])\n",
            "setup.cfg": "[metadata]\nname = demo\n\n[options]\nzip_safe = no\n",
        },
    )
    assert set(difference(root, planned(root))) == {"setup.py"}


def test_empty_setup_py_leaves_the_list_to_setup_cfg(tmp_path: Path) -> None:
    root = make(tmp_path, {"setup.py": "setup()\n", "setup.cfg": "[options]\ninstall_requires =\n    idna\n"})
    assert set(difference(root, planned(root))) == {"setup.cfg"}


def test_lists_in_both_are_reported_not_guessed(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {"setup.py": "setup(install_requires=['idna'])\n", "setup.cfg": "[options]\ninstall_requires =\n    idna\n"},
    )
    plan = planned(root)
    assert plan.edits == ()
    assert "several places could declare the dependency: setup.cfg, setup.py" in refusals(root, plan)[0]


def test_setup_py_has_no_say_beside_a_static_project_table(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "setup.py": "setup(install_requires=compute())\n",
            "pyproject.toml": '[project]\nname = "demo"\nversion = "1"\ndependencies = []\n',
        },
    )
    assert set(difference(root, planned(root))) == {"pyproject.toml"}
