"""The configuration: what it may say, and what is said of what it may not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from unchunk import __version__
from unchunk.project.config_files import ConfigFiles, ConfigurationError
from unchunk.project.configuration import load
from unchunk.project.schema import SCHEMA, faults

FULL = """\
select = ["UNC1", "UNC201"]
extend-select = ["UNC2"]
ignore = ["UNC102"]
exclude = ["generated", "src/old"]
respect-gitignore = false
baseline = "sub/baseline.json"
unsafe-fixes = true
dependency = false
vendor = "package._unchunk"
parsers = ["a.parse"]
safe-functions = ["a.whole"]

[per-file-ignores]
"tests/*" = ["UNC101"]

[sources]
"a.Client.frames" = "chunk"
lines_of_mine = "line"
"""


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return str(path)


@pytest.mark.parametrize("text", ["", "# nothing\n", "\r\n"])
def test_an_empty_configuration_is_the_defaults(tmp_path: Path, text: str) -> None:
    config = load(write(tmp_path, "unchunk.toml", text))
    assert (config.select, config.ignore, config.respect_gitignore, config.dependency) == (None, (), True, True)
    assert not config.exclude.match(str(tmp_path / "a.py"))


@pytest.mark.parametrize("name", ["unchunk.toml", "pyproject.toml", "other.toml"])
def test_every_key_is_taken(tmp_path: Path, name: str) -> None:
    text = FULL
    if name == "pyproject.toml":
        text = "[project]\nname = 'x'\n\n[tool.unchunk]\n" + FULL.replace("[per", "[tool.unchunk.per").replace(
            "[sources", "[tool.unchunk.sources"
        )
    config = load(write(tmp_path, name, text.replace("\n", "\r\n")))
    assert config.select == ("UNC1", "UNC201")
    assert config.extend_select == ("UNC2",)
    assert config.ignore == ("UNC102",)
    assert config.exclude.match(str(tmp_path / "x" / "generated" / "a.py"))
    assert config.exclude.match(str(tmp_path / "src" / "old" / "a.py"))
    assert not config.respect_gitignore
    assert config.baseline == str(tmp_path / "sub" / "baseline.json")
    assert config.unsafe_fixes
    assert not config.dependency
    assert config.vendor == "package._unchunk"
    [(patterns, codes)] = config.per_file_ignores
    assert (patterns.match(str(tmp_path / "tests" / "a.py")), codes) == (True, ("UNC101",))
    assert config.settings.sources == (("a.Client.frames", "chunk"), ("lines_of_mine", "line"))
    assert config.settings.parsers == ("a.parse",)
    assert config.settings.safe == ("a.whole",)


def test_a_vendored_copy_needs_no_dependency_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert not load(write(tmp_path, "unchunk.toml", "vendor = 'a.b'\n")).dependency
    assert load(write(tmp_path, "unchunk.toml", "vendor = 'a.b'\ndependency = true\n")).dependency


WRONG = [
    ("select = 'UNC101'\n", 1, "select: must be a list, not a string"),
    ("select = [101]\n", 1, "select: must be a string, not a whole number"),
    ("\nselect = ['E501']\n", 2, "select: 'E501' is none"),
    ("select = ['UNC777']\n", 1, "select: unknown rule 'UNC777'"),
    ("ignore = ['UNC1O1']\n", 1, "ignore: 'UNC1O1' is none"),
    ("[per-file-ignores]\n'a' = ['UNC777']\n", 2, "per-file-ignores.a: unknown rule 'UNC777'"),
    ("x = 1\n", 1, "x: is no option of unchunk (there are extend"),
    ("\n\nexlude = ['a']\n", 3, "exlude: is no option of unchunk; did you mean 'exclude'?"),
    ("per_file_ignores = {}\n", 1, "did you mean 'per-file-ignores'?"),
    ("unsafe-fixes = 'yes'\n", 1, "unsafe-fixes: must be true or false, not a string"),
    ("baseline = ''\n", 1, "baseline: '' is none"),
    ("vendor = 'not a module'\n", 1, "vendor: 'not a module' is none"),
    ("parsers = ['']\n", 1, "parsers: '' is none"),
    ("[sources]\n'a.b' = 'chnk'\n", 2, "sources.a.b: must be one of chunk, line, event"),
    ("[sources]\n'a.b' = 'chnk'\n", 2, "did you mean 'chunk'?"),
    ("x = 1\ny = 2\n", 1, "x: is no option"),
    ("x = 1\ny = 2\n", 1, "y: is no option"),
    ("select = [\n", 2, "cannot be read"),
    ("a = 1\nb = = 2\n", 2, "cannot be read"),
    ("select = ['\udcff']\n", None, "cannot be read"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG)
def test_what_is_wrong_is_said_with_file_line_and_hint(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    path = write(tmp_path, "unchunk.toml", text)
    with pytest.raises(ConfigurationError) as refused:
        load(path)
    assert refused.value.path == path
    assert words in refused.value.reason
    if line is not None:
        assert refused.value.line in (line, None if "cannot be read" in words else line)


def test_a_file_that_is_not_there_and_a_table_that_is_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(str(tmp_path / "missing.toml"))
    with pytest.raises(ConfigurationError, match="must be a table"):
        load(write(tmp_path, "pyproject.toml", "[tool]\nunchunk = 3\n"))


def test_the_nearest_configuration_counts_and_that_one_alone(tmp_path: Path) -> None:
    write(tmp_path, "unchunk.toml", "ignore = ['UNC101']\n")
    write(tmp_path, "a/pyproject.toml", "[project]\nname = 'a'\ndependencies = ['unchunk']\n")
    write(tmp_path, "a/b/pyproject.toml", "[tool.unchunk]\nselect = ['UNC1']\n")
    write(tmp_path, "a/b/c/unchunk.toml", "")
    write(tmp_path, "a/b/c/pyproject.toml", "[tool.unchunk]\nselect = ['UNC2']\n")
    configs = ConfigFiles()

    def path_for(*parts: str) -> str:
        found = configs.path_for(str(tmp_path.joinpath(*parts)))
        assert found is not None
        return str(Path(found).relative_to(tmp_path))

    assert path_for() == "unchunk.toml"
    assert path_for("a") == "unchunk.toml"
    assert path_for("a", "b") == str(Path("a/b/pyproject.toml"))
    assert path_for("a", "b", "c", "d") == str(Path("a/b/c/unchunk.toml"))
    assert ConfigFiles(isolated=True).path_for(str(tmp_path)) is None
    assert ConfigFiles("x.toml").path_for(str(tmp_path)) == "x.toml"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.unchunk]\n",
        "[ tool . unchunk ]\n",
        '[tool."unchunk"]\n',
        "[tool.'unchunk'.per-file-ignores]\n",
        "[tool]\nunchunk.select = []\n",
        "[tool]\nother = 1\nunchunk = {}\n",
        "tool.unchunk.select = []\n",
        "tool = {unchunk = {select = []}}\n",
    ],
)
def test_a_table_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "pyproject.toml", text)
    assert ConfigFiles().path_for(str(tmp_path)) == path
    load(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool.other]\nunchunk = 1\n",
        "[project]\nname = 'unchunk'\n",
        "# [tool.unchunk]\n",
        "[tool.unchunky]\n",
        "broken [",
    ],
)
def test_no_table_is_no_configuration(tmp_path: Path, text: str) -> None:
    write(tmp_path, "pyproject.toml", text)
    found = ConfigFiles().path_for(str(tmp_path))
    assert found is None or not found.startswith(str(tmp_path))


DOCUMENTS: list[object] = [
    {},
    {"select": []},
    {"select": ["ALL", "UNC", "UNC1", "UNC10", "UNC101"]},
    {"select": ["UNC1011"]},
    {"select": ["unc101"]},
    {"select": "UNC"},
    {"select": [1]},
    {"select": None},
    {"ignore": {}},
    {"exclude": [""]},
    {"exclude": ["a"]},
    {"x": 1},
    {"per-file-ignores": {}},
    {"per-file-ignores": {"a": ["UNC101"]}},
    {"per-file-ignores": {"a": "UNC101"}},
    {"per-file-ignores": []},
    {"sources": {"a.b": "chunk"}},
    {"sources": {"a.b": "x"}},
    {"sources": {"a": 1}},
    {"sources": ["a.b"]},
    {"unsafe-fixes": True},
    {"unsafe-fixes": 1},
    {"unsafe-fixes": "true"},
    {"vendor": "a.b"},
    {"vendor": "a..b"},
    {"vendor": ""},
    {"vendor": "a-b"},
    {"baseline": "x"},
    {"baseline": 3},
    {"parsers": ["a.b"]},
    {"parsers": ["a b"]},
    {"dependency": False},
    [],
    "x",
    3,
    None,
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=json.dumps)
def test_the_published_schema_and_our_own_reading_of_it_agree(document: object) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert (not list(faults(document, SCHEMA))) == jsonschema.Draft7Validator(SCHEMA).is_valid(document)


def test_what_a_file_does_not_say_is_as_the_file_says_that_it_extends(tmp_path: Path) -> None:
    write(tmp_path, "unchunk.toml", FULL + 'json = "object"\n')
    write(tmp_path, "middle/pyproject.toml", '[tool.unchunk]\nextend = "../unchunk.toml"\nextend-select = ["UNC202"]\n')
    text = 'extend = "../middle/pyproject.toml"\nignore = []\nparsers = []\ndependency = true\n'
    config = load(write(tmp_path, "inner/unchunk.toml", text))
    assert config.select == ("UNC1", "UNC201")
    assert config.extend_select == ("UNC2", "UNC202")
    assert config.ignore == ()
    assert config.baseline == str(tmp_path / "sub" / "baseline.json")
    assert config.exclude.match(str(tmp_path / "generated" / "a.py"))
    assert not config.exclude.match(str(tmp_path / "inner" / "src" / "old"))
    assert config.per_file_ignores[0][0].match(str(tmp_path / "tests" / "a.py"))
    assert (config.vendor, config.dependency, config.respect_gitignore) == ("package._unchunk", True, False)
    assert (config.settings.parsers, config.settings.safe) == ((), ("a.whole",))
    assert ("json", "object") in config.settings.sources
    assert [Path(path).parent.name for path in config.extends] == ["middle", tmp_path.name]


def test_an_extended_file_counts_among_what_two_configurations_say(tmp_path: Path) -> None:
    path = write(tmp_path, "unchunk.toml", 'extend = "base.toml"\n')
    write(tmp_path, "base.toml", 'parsers = ["a.b"]\n')
    before = load(path).said
    write(tmp_path, "base.toml", 'parsers = ["a.c"]\n')
    assert load(path).said != before


def test_the_cache_of_an_extended_file_is_not_taken_over(tmp_path: Path) -> None:
    write(tmp_path, "base.toml", 'cache-dir = "cache"\n')
    assert load(write(tmp_path, "unchunk.toml", 'extend = "base.toml"\n')).cache_dir is None


@pytest.mark.parametrize(
    ("base", "path", "line", "words"),
    [
        (None, "unchunk.toml", 2, "extend: base.toml does not exist"),
        ('extend = "unchunk.toml"', "base.toml", 1, "extend: unchunk.toml extends this file in turn"),
        ("\nselekt = []", "base.toml", 2, "did you mean 'select'?"),
        ("a =\n", "base.toml", 1, "cannot be read"),
        ('required-version = "<0.0.1"', "base.toml", 1, "required-version: this is unchunk 0.1.0, not <0.0.1"),
    ],
)
def test_a_fault_is_told_of_the_file_that_has_it(
    tmp_path: Path, base: str | None, path: str, line: int, words: str
) -> None:
    if base is not None:
        write(tmp_path, "base.toml", base)
    with pytest.raises(ConfigurationError, match=re.escape(words)) as caught:
        load(write(tmp_path, "unchunk.toml", '\nextend = "base.toml"\n'))
    assert (Path(caught.value.path).name, caught.value.line) == (path, line)


def test_files_that_extend_each_other_end(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path, f"{number}.toml", f'extend = "{number + 1}.toml"\n')
    with pytest.raises(ConfigurationError, match="more than 20 files"):
        load(str(tmp_path / "0.toml"))


@pytest.mark.parametrize("version", [__version__, f"=={__version__}", ">=0.0.1", ">=0.0.1,<99"])
def test_the_version_that_is_asked_for_runs(tmp_path: Path, version: str) -> None:
    load(write(tmp_path, "unchunk.toml", f'required-version = "{version}"\n'))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("99", f"this is unchunk {__version__}, not 99"),
        (">=99", f"this is unchunk {__version__}, not >=99"),
        ("one", "no version, nor a range of them"),
    ],
)
def test_another_version_stops_before_keys_it_does_not_know(tmp_path: Path, version: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(words)) as caught:
        load(write(tmp_path, "unchunk.toml", f'key-of-the-future = 1\nrequired-version = "{version}"\n'))
    assert caught.value.line == 2
