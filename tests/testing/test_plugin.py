"""Tests of tests: what breaks under a cut is told, what does not is left alone, and all is as it was afterwards."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from testing.running import HANDLERS, outcomes, run

pytest_plugins = ["pytester"]
for needed in ("requests", "httpx", "anyio", "xdist"):  # here, so that they are not imported by every run
    pytest.importorskip(needed)


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(handlers=HANDLERS)
    return pytester


def served(handler: str, cuts: str = "") -> str:
    """Write a test of a handler with a real client and a real server."""
    return f"""
import requests
from handlers import *

def test_{handler}(stream_server):
    server = stream_server(BODY, [{cuts}], delay=0.01)
    with requests.get(server.url, stream=True) as response:
        assert {handler}(response.iter_content(None)) == CITIES
"""


# Without the plugin, and with every test in every mode, the outcome is the same.
INDIFFERENT = {
    "no stream": "def test(): pass",
    "failure": "def test(): assert 0",
    "skip": "import pytest\ndef test(): pytest.skip()",
    "expected failure": "import pytest\n@pytest.mark.xfail\ndef test(): assert 0",
    "error in a fixture": "import pytest\n@pytest.fixture\ndef no(): assert 0\ndef test(no): pass",
    "error behind a test": "import pytest\n@pytest.fixture\ndef no():\n    yield\n    assert 0\ndef test(no): pass",
    "error behind a module": (
        "import pytest\n@pytest.fixture(scope='module')\ndef no():\n    yield\n    assert 0\ndef test(no): pass"
    ),
    "unittest": "import unittest\nclass TestIt(unittest.TestCase):\n    def test(self): self.assertEqual(1, 1)",
    "right handler": served("fixed"),
    "failure with a stream": served("fixed").replace("== CITIES", "== []"),
    "right handler, skipped then": served("fixed") + "    import pytest\n    pytest.skip()",
}


@pytest.mark.parametrize("name", INDIFFERENT)
def test_outcome_is_the_same_with_the_plugin(suite: pytest.Pytester, name: str) -> None:
    suite.makepyfile(test_it=INDIFFERENT[name])
    plain = run(suite)
    cut = run(suite, "--rechunk=all")
    assert (outcomes(cut), cut.ret) == (outcomes(plain), plain.ret)
    if name == "failure with a stream":
        cut.stdout.fnmatch_lines(["The test fails without any cut as well."])


# A handler, where its stream comes cut, the mode that breaks it and what is told of it.
BROKEN = [
    ("broken", "", "byte", "stream 1 (urllib3 HTTPResponse.stream) cut at byte 1: b'd' | b'ata: {\"city\": *"),
    ("broken", "", "half", "stream 1 * cut at byte ??: b'data: *"),
    ("broken", "", "random:5", "stream 1 * cut at byte *"),
    ("broken", "", "all", "stream 1 * cut at byte 1: *"),
    ("swallowing", "", "byte", "stream 1 * cut at byte *"),
    (
        "one_event_a_chunk",
        "27, 51",
        "coalesce",
        "stream 1 * two pieces joined at byte 27: b'data: * + b'data: *",
    ),
]


@pytest.mark.parametrize(("handler", "cuts", "mode", "told"), BROKEN)
def test_failure_names_the_smallest_set_of_cuts_and_repeats(
    suite: pytest.Pytester, handler: str, cuts: str, mode: str, told: str
) -> None:
    suite.makepyfile(test_it=served(handler, cuts))
    assert outcomes(run(suite)) == {"passed": 1}
    result = run(suite, f"--rechunk={mode}")
    assert outcomes(result) == {"failed": 1}
    first = mode if mode != "all" else "byte"
    result.stdout.fnmatch_lines([f"The test passes as its streams come, and fails with one change (mode {first}):"])
    result.stdout.fnmatch_lines([f"  {told}"])
    [command] = re.findall(r"Repeat it: pytest (.*)", result.stdout.str())
    again = run(suite, *shlex.split(command))
    assert outcomes(again) == {"failed": 1}
    again.stdout.fnmatch_lines([f"  {told}"])


def test_failed_parse_is_named(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_it=served("swallowing"))
    result = run(suite, "--rechunk=replay:1@22")
    result.stdout.fnmatch_lines(["The parse call that failed: handlers.py:16: JSONDecodeError: *"])


def test_seed_is_told_and_draws_the_same_cuts_again(suite: pytest.Pytester) -> None:
    long = served("broken").replace("BODY", "BODY * 20").replace("CITIES", "CITIES * 20")
    suite.makepyfile(test_it=long)
    first = run(suite, "--rechunk=random").stdout.str()
    [seed] = re.findall(r"^rechunk: (random:\d+)$", first, re.MULTILINE)
    assert f"(mode {seed}):" in first
    again = run(suite, f"--rechunk={seed}").stdout.str()
    assert re.findall("Repeat it: .*", first) == re.findall("Repeat it: .*", again)


SCOPES = """
import pytest

def log(text):
    with open("log", "a") as file:
        file.write(text)

@pytest.fixture(scope="module")
def wide():
    log("(")
    yield
    log(")")

@pytest.fixture
def narrow(wide):
    log("[")
    yield
    log("]")

@pytest.fixture(autouse=True)
def _use(narrow): pass
"""


@pytest.mark.parametrize(
    ("test", "mode", "expected"),
    [
        ("def test_a(): pass\ndef test_b(): pass", "all", r"\(\[\]\[\]\)"),
        (served("fixed"), "all", r"\((\[\]){4}\)"),
        (served("fixed"), "byte", r"\(\[\]\)"),
        (served("broken"), "byte", r"\((\[\]){3,40}\)"),
        (served("broken") + "def test_b(): pass", "byte", r"\((\[\]){3,40}\)"),
    ],
)
def test_fixtures_are_made_anew_for_every_run_by_their_scope(
    suite: pytest.Pytester, test: str, mode: str, expected: str
) -> None:
    suite.makepyfile(test_it=SCOPES + test)
    run(suite, f"--rechunk={mode}")
    assert re.fullmatch(expected, (suite.path / "log").read_text())


def test_properties_and_output_are_those_of_the_last_run(suite: pytest.Pytester) -> None:
    test = served("fixed").replace("(stream_server):", "(stream_server, record_property):\n    record_property('a', 1)")
    suite.makepyfile(test_it=test + "    print('ran')")
    run(suite, "--rechunk=all", "--junitxml=x.xml", "-o", "junit_logging=all")
    written = (suite.path / "x.xml").read_text()
    assert (written.count('name="a"'), written.count("ran\n")) == (1, 1)


def test_client_that_a_test_imports_itself_is_cut(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        test_it=served("broken")
        .replace("import requests\n", "")
        .replace("    server", "    import requests\n    server", 1)
    )
    assert outcomes(run(suite, "--rechunk=byte", subprocess=True)) == {"failed": 1}


def test_nothing_is_imported_until_it_is_used(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        test_it="""
import sys

def test_it():
    ours = {name for name in sys.modules if name.split(".")[0] == "unchunk"}
    assert ours <= {"unchunk", "unchunk.testing", "unchunk.testing.plugin"}
"""
    )
    assert outcomes(run(suite, subprocess=True)) == {"passed": 1}


def test_marker_cuts_without_the_option_and_spares_with_it(suite: pytest.Pytester) -> None:
    marked = served("broken").replace("def test_", "@pytest.mark.rechunk{}\ndef test_", 1)
    for arguments, option, outcome in (
        ("", (), "failed"),
        ("('half')", (), "failed"),
        ("('coalesce')", (), "passed"),
        ("(False)", ("--rechunk=byte",), "passed"),
        ("('coalesce')", ("--rechunk=byte",), "passed"),
        ("('byte', 'half')", ("--rechunk=replay:1@3",), "failed"),
    ):
        suite.makepyfile(test_it="import pytest\n" + marked.format(arguments))
        assert outcomes(run(suite, *option)) == {outcome: 1}, arguments


@pytest.mark.parametrize("arguments", ["'bytes'", "True", "0, 1", "mode='byte'", "b'byte'", "None"])
def test_marker_with_other_arguments_is_refused(suite: pytest.Pytester, arguments: str) -> None:
    suite.makepyfile(test_it=f"import pytest\n@pytest.mark.rechunk({arguments})\ndef test_it(): pass")
    result = run(suite)
    assert outcomes(result) == {"errors": 1}
    result.stdout.fnmatch_lines(["@pytest.mark.rechunk: *"])


@pytest.mark.parametrize("option", ["bytes", "random:x", "replay:3", "byte,", ""])
def test_mode_that_is_none_is_refused(suite: pytest.Pytester, option: str) -> None:
    suite.makepyfile(test_it="def test_it(): pass")
    result = run(suite, f"--rechunk={option}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --rechunk: *"])


def test_test_that_fails_once_only_is_reported_as_it_failed(suite: pytest.Pytester) -> None:
    test = served("fixed") + "        import os\n        os.makedirs('ran')"
    suite.makepyfile(test_it=test.replace("os.makedirs('ran')", "assert os.path.exists('ran') or os.mkdir('ran')"))
    result = run(suite, "--rechunk=byte")
    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines(["The test failed in mode byte, and not when it was run again."])


ONCE = served("fixed") + "    STATE.append(1)\n    assert len(STATE) == 1\n\nSTATE = []"
OPEN = """
import pytest, requests
from handlers import *
from unchunk.testing import stream_server

@pytest.fixture(scope="module")
def response():
    with stream_server(BODY) as server:
        yield requests.get(server.url, stream=True)

def test_it(response):
    assert fixed(response.iter_content(None)) == CITIES
"""


@pytest.mark.parametrize("test", [ONCE, OPEN])
def test_test_that_passes_once_only_is_not_blamed_on_a_cut(suite: pytest.Pytester, test: str) -> None:
    suite.makepyfile(test_it=test)
    result = run(suite, "--rechunk=all")
    assert outcomes(result) == {"passed": 1}
    result.stdout.fnmatch_lines(["Not tried in every mode, because they pass the first time only:", "  test_it.py::*"])


SHARED = """
import pytest, requests
from handlers import *
from unchunk.testing import stream_server

@pytest.fixture(scope="{scope}")
def values():
    log("(")
    with stream_server(BODY) as server:
        yield {handler}(requests.get(server.url, stream=True).iter_content(None))
    log(")")

class TestIt:
    def test_a(self, values): assert len(values) == {expected}
    def test_b(self, values): assert len(values) == {expected}
"""


@pytest.mark.parametrize("scope", ["class", "module", "session"])
@pytest.mark.parametrize(
    ("handler", "expected", "told"),
    [("fixed", 3, {"passed": 2}), ("list", 1, {"failed": 2}), ("broken", 3, {"errors": 2})],
)
def test_streams_of_a_shared_fixture_are_those_of_each_test(
    suite: pytest.Pytester, scope: str, handler: str, expected: int, told: dict[str, int]
) -> None:
    test = SHARED.format(scope=scope, handler=handler, expected=expected)
    suite.makepyfile(test_it=SCOPES.partition("@pytest")[0] + test)
    assert outcomes(run(suite)) == {"passed": 2}
    result = run(suite, "--rechunk=half")
    assert outcomes(result) == told
    if "passed" not in told:
        result.stdout.fnmatch_lines(["  stream 1 * cut at byte *", "Repeat it: *test_b*"])
    if handler != "broken":
        assert re.fullmatch(r"(\(\))+", (suite.path / "log").read_text())


SUBTESTS = """
import requests
from handlers import *

def test_it(stream_server, subtests):
    for number in range(3):
        with subtests.test(number=number):
            assert broken(requests.get(stream_server(BODY).url, stream=True).iter_content(None)) == CITIES
"""
SUBTESTS_OF_UNITTEST = """
import unittest, requests
from handlers import *
from unchunk.testing import stream_server

class Test(unittest.TestCase):
    def test_it(self):
        for number in range(3):
            with self.subTest(number=number), stream_server(BODY) as server:
                self.assertEqual(broken(requests.get(server.url, stream=True).iter_content(None)), CITIES)

    def tearDown(self):
        pass
"""


@pytest.mark.skipif(not hasattr(pytest, "Subtests"), reason="pytest has subtests since version 9")
@pytest.mark.parametrize("test", [SUBTESTS, SUBTESTS_OF_UNITTEST])
def test_subtests_are_reported_once(suite: pytest.Pytester, test: str) -> None:
    suite.makepyfile(test_it=test)
    assert set(outcomes(run(suite))) <= {"passed", "subtests passed", "subtests"}
    result = run(suite, "--rechunk=all")
    assert result.stdout.str().count("SUBFAILED") == 1
    result.stdout.fnmatch_lines(["The test passes as its streams come, and fails with one change (mode byte):"])


def test_others_run_a_failing_test_again(suite: pytest.Pytester) -> None:
    suite.makeconftest("def pytest_runtest_protocol(item):\n    print('handed on:', item.name)")
    flaky = "\nimport pytest\n@pytest.mark.flaky\ndef test_{}(): {}"
    suite.makepyfile(test_it=served("broken") + flaky.format("a", "assert 0") + flaky.format("b", "pass"))
    result = run(suite, "--rechunk=byte", "-s", "-W", "ignore")
    assert outcomes(result) == {"failed": 2, "passed": 1}
    assert re.findall(r"handed on: (\w+)", result.stdout.str()) == ["test_a"]


TIMER = """
import pytest, types

class Specs:
    def pytest_timeout_set_timer(self, item, settings): pass
    def pytest_timeout_cancel_timer(self, item): pass

def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(Specs)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    item.ihook.pytest_timeout_set_timer(item=item, settings=types.SimpleNamespace(func_only=False))
    return (yield)

def pytest_timeout_set_timer(item, settings): print("timer set")
def pytest_timeout_cancel_timer(item): print("timer cancelled")
"""


def test_every_run_has_the_whole_timeout(suite: pytest.Pytester) -> None:
    suite.makeconftest(TIMER)
    suite.makepyfile(test_it=served("fixed"))
    told = run(suite, "--rechunk=byte,half,coalesce", "-s").stdout.str()
    assert re.findall(r"timer (\w+)", told) == ["set"] + ["cancelled", "set"] * 2


MOCKED = """
import unittest, requests
from unittest import mock
from handlers import *
from unchunk.testing import stream_server

class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.patch = mock.patch.object(requests.Response, "iter_content", return_value=[b"mocked"])
        cls.mocked = cls.patch.start()

    @classmethod
    def tearDownClass(cls):
        cls.patch.stop()

    def check(self):
        self.assertEqual(list(requests.Response().iter_content(5)), [b"mocked"])
        self.mocked.assert_called_with(5)

    test_a = test_b = check

def test_behind():
    assert requests.Response.iter_content.__code__.co_filename == requests.models.__file__, "patched twice"
"""


def test_mock_that_outlives_a_test_stays_and_goes(suite: pytest.Pytester) -> None:
    behind = MOCKED.replace("def test_behind", "@pytest.mark.rechunk(False)\ndef test_behind")
    suite.makepyfile(test_a="import pytest" + behind, test_b=served("broken"))
    assert outcomes(run(suite, "--rechunk=byte")) == {"failed": 1, "passed": 3}


def test_patches_are_undone_behind_a_test_that_fails(suite: pytest.Pytester) -> None:
    behind = """
import pytest, requests, urllib3

METHODS = requests.Response.iter_content, urllib3.HTTPResponse.stream

@pytest.fixture(autouse=True, scope="module")
def _behind():
    yield
    assert (requests.Response.iter_content, urllib3.HTTPResponse.stream) == METHODS

@pytest.mark.rechunk(False)
def test_behind():
    assert (requests.Response.iter_content, urllib3.HTTPResponse.stream) == METHODS
"""
    suite.makepyfile(test_a=served("broken"), test_b=behind)
    assert outcomes(run(suite, "--rechunk=byte")) == {"failed": 1, "passed": 1}


FINDINGS = """
import json
import requests

def read(url):
    values = []
    for chunk in requests.get(url, stream=True).iter_content(None):
        values.append(json.loads(chunk))
    return values

def hidden(chunks):
    return [json.loads(chunk) for chunk in chunks]

def guarded(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        try:
            json.loads("no JSON, whatever the cut")
        except ValueError:
            yield chunk
"""
FINDING_TESTS = """
import requests
import findings_of as app

def test_known(stream_server):
    assert app.read(stream_server(b'{"a": 1}').url) == [{"a": 1}]

def test_unknown(stream_server):
    response = requests.get(stream_server(b'{"a": 1}').url, stream=True)
    assert app.hidden(vars(type(response))["iter_content"](response, None)) == [{"a": 1}]

def test_other(stream_server):
    assert [*app.guarded(stream_server(b'{"a": 1}').url)] == [b'{"a": 1}']
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_report_has_findings_at_the_parse_calls_that_failed(suite: pytest.Pytester, options: tuple[str, ...]) -> None:
    suite.makepyfile(findings_of=FINDINGS, test_it=FINDING_TESTS)
    run(suite, "--rechunk=byte", "--rechunk-report=r.json", *options, plugins=("xdist",) if options else ())
    known, unknown = json.loads((suite.path / "r.json").read_text())
    assert (known["path"], known["line"], known["column"], known["code"]) == ("findings_of.py", 7, 23, "UNC101")
    assert known["reason"] == "seen when a test ran, too"
    assert known["source"]["line"] == 6
    assert (unknown["line"], unknown["code"]) == (11, "UNC101")
    assert unknown["reason"] == "seen when a test ran; unchunk check does not report this call"
    assert "test_it.py::test_unknown fails with JSONDecodeError" in unknown["message"]


def test_report_is_sarif_where_its_name_says_so(suite: pytest.Pytester) -> None:
    suite.makepyfile(findings_of=FINDINGS, test_it=FINDING_TESTS)
    run(suite, "--rechunk=half", "--rechunk-report=r.sarif")
    [log] = json.loads((suite.path / "r.sarif").read_text())["runs"]
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in log["results"]] == [7, 11]


def test_paths_are_those_of_the_folder_that_pytest_was_started_in(suite: pytest.Pytester) -> None:
    gone = "    import os, tempfile\n    gone = tempfile.mkdtemp()\n    os.chdir(gone)\n    os.rmdir(gone)\n"
    suite.mkdir("tests").joinpath("test_it.py").write_text(served("broken").replace("    with", gone + "    with"))
    suite.makepyprojecttoml("[tool.pytest.ini_options]\npythonpath='.'")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(suite.path / "tests")
        result = run(suite, "--rechunk=byte", "--rechunk-report=new/r.json", "--rootdir=..", "test_it.py")
    result.stdout.fnmatch_lines(
        [
            "The parse call that failed: ../handlers.py:8: *",
            "Repeat it: pytest test_it.py::test_broken --rechunk=replay:1@1",
        ]
    )
    [found] = json.loads((suite.path / "tests/new/r.json").read_text())
    assert found["path"] == str(suite.path / "handlers.py")
    assert run(suite, "--rechunk-report=tests").ret == pytest.ExitCode.USAGE_ERROR


def test_report_of_a_run_without_failures_is_empty(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_it=served("fixed"))
    for options in (["--rechunk=all"], []):
        run(suite, *options, "--rechunk-report=r.json")
        assert json.loads((suite.path / "r.json").read_text()) == []
        (suite.path / "r.json").unlink()


def test_own_handler_is_told_its_cut(suite: pytest.Pytester) -> None:
    test = "from handlers import *\ndef test_{0}(recut):\n    for chunks in recut(BODY{1}):\n"
    test += "        assert {0}(chunks) == CITIES\n"
    suite.makepyfile(test_broken=test.format("broken", ", single=False"), test_fixed=test.format("fixed", ""))
    result = run(suite)
    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines(["*Captured recut call*", "the body was cut at 1: b'd' | b'ata: *"])


@pytest.mark.parametrize("runner", ["asyncio", "trio"])
def test_tests_of_anyio_are_cut(suite: pytest.Pytester, runner: str) -> None:
    pytest.importorskip(runner)
    suite.makepyfile(
        test_it=f"""
import httpx, pytest
from handlers import *

@pytest.mark.parametrize("anyio_backend", ["{runner}"])
@pytest.mark.anyio
@pytest.mark.parametrize("handler", [broken, fixed])
async def test_it(handler, stream_server, anyio_backend):
    async with httpx.AsyncClient(verify=False) as client, client.stream("GET", stream_server(BODY).url) as response:
        assert handler([chunk async for chunk in response.aiter_bytes()]) == CITIES
"""
    )
    assert outcomes(run(suite, "--rechunk=all", plugins=("anyio",))) == {"failed": 1, "passed": 1}
