"""The machine-readable formats, each as its readers want it."""

from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from cli.process import BUG, CLEAN, RETRY, out, unchunk
from report.schemas import sarif_schema

FORMATS = ["concise", "full", "github", "gitlab", "json", "jsonlines", "junit", "rdjson", "sarif", "text"]
MIXED = BUG + RETRY.replace("import json\n\nimport requests\n", "") + "\n\ndef o𝒹d():\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a few files with findings, in a folder whose files have trying names."""
    (tmp_path / "sub folder").mkdir()
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "sub folder" / "ü & <b>.py").write_text(BUG.replace("json.loads(chunk)", "json.loads(chunk.decode())"))
    (tmp_path / "clean.py").write_text(CLEAN)
    return tmp_path


def report(folder: Path, format: str, *arguments: str) -> str:
    return out(unchunk(folder, "check", f"--output-format={format}", *arguments))


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_renders_nothing_one_and_many(tmp_path: Path, format: str) -> None:
    (tmp_path / "clean.py").write_text(CLEAN)
    empty = unchunk(tmp_path, "check", f"--output-format={format}")
    assert empty.returncode == 0
    assert bool(empty.stdout) == (format in ("full", "gitlab", "json", "junit", "rdjson", "sarif", "text"))
    (tmp_path / "a.py").write_text(MIXED)
    assert "UNC101" in report(tmp_path, format)
    assert "UNC201" in report(tmp_path, format, "--select=UNC1,UNC2")


def test_the_documentation_names_every_format() -> None:
    from unchunk.cli.commands.check import OPTIONS
    from unchunk.report.formats import names

    assert names() == FORMATS
    [option] = [option for group in OPTIONS for option in group.options if "--output-format" in option.names]
    assert all(name in option.help for name in FORMATS)


def test_a_report_goes_to_a_file_when_asked(project: Path) -> None:
    done = unchunk(project, "check", "--output-format=json", "--output-file=report.json")
    assert (done.returncode, done.stdout) == (1, b"")
    assert len(json.loads((project / "report.json").read_text())) == 2
    done = unchunk(project, "check", "--output-file=no/such/folder")
    assert (done.returncode, done.stderr) == (
        2,
        b"unchunk: no/such/folder: cannot be written: no such file or directory\n",
    )
    full = unchunk(project, "check", "--output-file=/dev/full")
    assert (full.returncode, full.stderr) == (2, b"unchunk: /dev/full: cannot be written: no space left on device\n")


def test_json_says_all_that_the_contract_promises(project: Path) -> None:
    found = json.loads(report(project, "json"))
    promised = {"path", "line", "column", "end_line", "end_column", "code", "name", "message", "fixable", "reason"}
    assert all(promised <= set(one) for one in found)
    assert found[0]["path"] == "a.py"
    source = {"path": "a.py", "line": 7, "column": 18, "end_line": 7, "end_column": 67}
    assert found[0]["source"].items() >= source.items()
    assert found[0]["trace"][-1]["line"] == 8


def test_json_lines_are_the_objects_of_json(project: Path) -> None:
    assert [json.loads(line) for line in report(project, "jsonlines").splitlines()] == json.loads(
        report(project, "json")
    )


def test_github_annotations_escape_what_they_must(project: Path) -> None:
    first, second = report(project, "github").splitlines()
    assert first.startswith(
        "::error title=unchunk (UNC101),file=a.py,line=8,col=16,endLine=8,endColumn=33::a.py:8:16: UNC101 "
    )
    assert "file=sub folder/ü & <b>.py," in second
    (project / "odd,name: 100%.py").write_text(BUG)
    assert "file=odd%2Cname%3A 100%25.py,line" in report(project, "github")


def test_gitlab_issues_have_what_code_quality_requires_and_distinct_lasting_fingerprints(project: Path) -> None:
    (project / "twice.py").write_text(BUG + BUG[BUG.index("    for") :])
    issues = json.loads(report(project, "gitlab"))
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(issue)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not os.path.isabs(issue["location"]["path"])
    prints = {issue["fingerprint"] for issue in issues}
    assert len(prints) == len(issues) == 4
    (project / "twice.py").write_text("# a line more\n\n" + (project / "twice.py").read_text())
    assert {issue["fingerprint"] for issue in json.loads(report(project, "gitlab"))} == prints


def test_junit_is_xml_that_counts_right_even_with_characters_that_xml_forbids(project: Path) -> None:
    shutil.copy(project / "a.py", os.fsencode(project) + b"/b\xff\x01.py")
    (project / "bad.py").write_text("def f(:\njson.loads iter_content")
    root = ET.fromstring(unchunk(project, "check", "--output-format=junit").stdout)
    assert root.attrib == {"name": "unchunk", "tests": "4", "failures": "3", "errors": "1"}
    assert len(root.findall(".//failure")) == 3
    assert len(root.findall(".//error")) == 1
    assert {case.get("line") for case in root.findall(".//testcase[@line]")} == {"8"}


def test_reviewdog_counts_columns_in_bytes_and_gets_suggestions(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG.replace("data = json", "𝒹é = json").replace("data[", "𝒹é["), encoding="utf-8")
    [diagnostic] = json.loads(report(tmp_path, "rdjson"))["diagnostics"]
    assert diagnostic["location"]["range"]["start"] == {"line": 8, "column": 19 - 2 + 1}
    assert diagnostic["code"]["value"] == "UNC101"
    assert any("iter_json" in suggestion["text"] for suggestion in diagnostic["suggestions"])


def validated(text: str, cache: Path) -> dict[str, Any]:
    """Return a SARIF log that the official schema accepts."""
    jsonschema = pytest.importorskip("jsonschema")
    log: dict[str, Any] = json.loads(text)
    validator = jsonschema.Draft7Validator(sarif_schema(cache))
    assert [error.message for error in validator.iter_errors(log)] == []
    return log


@pytest.fixture
def cache(pytestconfig: pytest.Config) -> Path:
    """Return the folder for downloads of tests."""
    return pytestconfig.cache.mkdir("schemas")


def test_sarif_is_what_the_official_schema_accepts(project: Path, cache: Path) -> None:
    (project / "bad.py").write_text("def f(:\njson.loads iter_content")
    (project / "retry.py").write_text(RETRY)
    log = validated(report(project, "sarif", "--select=UNC1,UNC2", "--report-unused-ignores"), cache)
    [run] = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["UNC101", "UNC201", "UNC202"]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["markdown"]
        assert rule["fullDescription"]["text"]  # code scanning refuses a rule without
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert levels == {"UNC101": "error", "UNC201": "warning", "UNC202": "warning"}
    [snippet] = {
        result["locations"][0]["physicalLocation"]["contextRegion"]["snippet"]["text"] for result in run["results"][:1]
    }
    assert snippet == "        data = json.loads(chunk)"
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["codeFlows"][0]["threadFlows"][0]["locations"]
        assert result["relatedLocations"]
    validated(report(project / "sub folder", "sarif", "--select=UNC203"), cache)


def test_sarif_names_files_by_uris_of_their_bytes(project: Path, cache: Path) -> None:
    shutil.copy(project / "a.py", os.fsencode(project) + b"/b\xff.py")
    log = validated(unchunk(project, "check", "--output-format=sarif").stdout.decode(), cache)
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    }
    assert uris == {"a.py", "b%FF.py", "sub%20folder/%C3%BC%20&%20%3Cb%3E.py"}


def apply_sarif(folder: Path, log: dict[str, Any]) -> None:
    """Make the changes that the fixes of a log describe, knowing nothing but SARIF."""
    for result in log["runs"][0]["results"]:
        for change in (change for fix in result.get("fixes", ()) for change in fix["artifactChanges"]):
            path = folder / change["artifactLocation"]["uri"]
            lines = path.read_bytes().decode().splitlines(keepends=True)
            for replacement in reversed(change["replacements"]):
                region = replacement["deletedRegion"]
                start, end = (
                    sum(map(len, lines[: region[f"{side}Line"] - 1])) + region[f"{side}Column"] - 1
                    for side in ("start", "end")
                )
                text = "".join(lines)
                text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
                lines = text.splitlines(keepends=True)
            path.write_bytes("".join(lines).encode())


EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "programs").glob("*.py"))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "no last"])
def test_the_fixes_in_sarif_give_the_same_bytes_as_fix(tmp_path: Path, cache: Path, ends: str) -> None:
    programs = {path.name: path.read_text() for path in EXAMPLES} | {
        "bug.py": BUG,
        "twice.py": BUG + "\n\n" + BUG,
        "mixed.py": MIXED,
    }
    for side in ("by_sarif", "by_fix"):
        (tmp_path / side).mkdir()
        for name, text in programs.items():
            data = text.rstrip("\n") if ends == "no last" else text.replace("\n", ends)
            (tmp_path / side / name).write_bytes(data.encode())
    log = validated(report(tmp_path / "by_sarif", "sarif"), cache)
    apply_sarif(tmp_path / "by_sarif", log)
    unchunk(tmp_path / "by_fix", "fix", "--no-dependency")
    changed = 0
    for name in programs:
        data = (tmp_path / "by_fix" / name).read_bytes()
        assert (tmp_path / "by_sarif" / name).read_bytes() == data, name
        changed += data != programs[name].encode()
    assert changed > len(EXAMPLES) / 2


def test_rule_pages_are_linked_where_the_package_says_where_its_documentation_is(project: Path, tmp_path: Path) -> None:
    import unchunk as package

    info = tmp_path / "site" / f"unchunk-{package.__version__}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: unchunk\nVersion: {package.__version__}\nProject-URL: Documentation, https://example.org/docs/\n"
    )
    done = unchunk(project, "check", "--output-format=json", "a.py", env={"PYTHONPATH": str(tmp_path / "site")})
    assert json.loads(out(done))[0]["url"] == "https://example.org/docs/rules/UNC101"
