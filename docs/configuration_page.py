"""Write `docs/configuration.md` and `docs/unchunk.schema.json` from the schema: `python docs/configuration_page.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unchunk.project.discovery import JUNK_FOLDERS
from unchunk.project.schema import SCHEMA

PAGE = Path(__file__).with_name("configuration.md")
SCHEMA_FILE = Path(__file__).with_name("unchunk.schema.json")

INTRODUCTION = """\
# Configuration

This page is made from the schema (`python docs/configuration_page.py`).

unchunk needs no configuration. Where there is some, it is the table `[tool.unchunk]` of `pyproject.toml`, or a file
`unchunk.toml` of its own without that heading. For each file the nearest one above it counts, and that one alone,
unless it extends another; of the two in one folder `unchunk.toml` does. A key that does not exist is an error with a
hint, not a shrug. `unchunk check --show-settings PATH` shows what counts for a file and where it is from;
`--config FILE` takes another file for all, `--isolated` none. The command line adds to the configuration; `--select`
replaces what it selects.

```toml
[tool.unchunk]
extend-select = ["UNC201"]
exclude = ["generated", "src/legacy"]
baseline = "unchunk-baseline.json"
parsers = ["mycompany.text.parse_json"]
safe-functions = ["mycompany.streams.whole_events"]

[tool.unchunk.per-file-ignores]
"tests/*" = ["UNC101"]

[tool.unchunk.sources]
"mycompany.http.Client.frames" = "chunk"
"togetherai.TogetherAI.chat.completions.create" = "object"
```

Editors complete and check it with the [JSON Schema](unchunk.schema.json): put `#:schema` and its path on the first
line of `unchunk.toml`.

"""

ENDING = """
## A client in one line

The [catalog](catalog.md) does not know every client. A row of `sources` teaches it one: the dotted name of what is
called, and what a step of what that returns is. Of a method it is the class as it is imported, and the attributes
from an instance to the call. For this program

```python
import json, os
from togetherai import TogetherAI

client = TogetherAI(api_key=os.environ["TOGETHER_API_KEY"])
for chunk in client.chat.completions.create(model="together-gpt", messages=[], stream=True):
    data = json.loads(chunk)
```

nothing has to be said: the shape of the call tells that it streams, but not whether it hands out text or events
(UNC101). With the row

```toml
[tool.unchunk.sources]
"togetherai.TogetherAI.chat.completions.create" = "object"
```

it is known that the client decodes its events, as of a client of the catalog (UNC105, and UNC103 for the fragments in
them). Other rows look the same: `"my_gateway.Client.chat.frames" = "chunk"`, `"my_gateway.stream.open" = "line"` for a
function, `frames = "chunk"` for a method of that name of anything.

A row that nothing in a run can be is told as a warning: no file imports its first word, none says one of the others,
or one of them is a word of the language. flake8, which sees one file at a time, tells the last only.

## Patterns

`exclude` and `per-file-ignores` take patterns as flake8 and Ruff do. One without a slash is the name of a file or
folder anywhere below the configuration file; one with a slash is a path from there, with everything below it. `*`
matches anything, slashes as well. What git ignores is not looked at, nor are these folders, wherever they are:
{junk}.
A file that is named on the command line is always looked at, unless `--force-exclude` says otherwise.

## Comments

| comment | silences |
|---|---|
| `# noqa` | everything on the line, as for flake8 |
| `# noqa: UNC101` | that rule on the line, as for flake8 |
| `# unchunk: ignore` | everything of unchunk in the call, on any of its lines |
| `# unchunk: ignore[UNC101,UNC102]` | those rules in the call, on any of its lines |
| `# flake8: noqa` | the file, as for flake8 |
| `# unchunk: ignore-file` | the file |
| `# unchunk: ignore-file[UNC101]` | that rule in the file |

`unchunk check --report-unused-ignores` reports comments that silence nothing; `unchunk check --add-noqa` adds a
`# noqa` with the code to every finding there is.

For Ruff `UNC` is unknown, and its RUF100 takes `# noqa: UNC101` for an error. One line tells it otherwise:

```toml
[tool.ruff.lint]
external = ["UNC"]
```

## Baseline

`unchunk check --write-baseline unchunk-baseline.json` records what there is; with `baseline = "unchunk-baseline.json"`
in the configuration, or `--baseline`, only what is new is reported, and only that is repaired by `fix`. An entry is
known by its code and by what it stands in, not by its line, so that it follows code that moves, and a file that is
renamed. Entries that nothing answers to any more are told; writing the same file again drops them and takes in nothing
new. To start anew, delete it.

## Cache

A run of `unchunk check` that looks through a folder leaves to the next one which files came to nothing, and by what
that can be told without reading them: their size and times, and those of the modules that their imports lead to.
What has findings, or could not be read, is looked into by every run, so that the output is the same with and without.
A file whose times are new but whose text is not counts as unchanged if it could have held a finding. For fewer than a
hundred files nothing is begun.

It is in `.unchunk_cache` beside the configuration file, without one in the current folder; git and backups leave that
alone. It is read by the user who wrote it only, and not at all where git tracks it ([security](security.md)).
`cache-dir` here, `UNCHUNK_CACHE_DIR` in the environment and `--cache-dir` each say another place, the last one
wins; `--no-cache` (`-n`) or `UNCHUNK_NO_CACHE=1` do without. `unchunk clean` removes it. Another version of unchunk or
of Python, other options and other configuration begin anew. `fix`, standard input and runs on files that are named
have none.

## flake8

flake8 reads its own configuration. What it can be told there:

```ini
[flake8]
extend-select = UNC201
unchunk-sources = mycompany.http.Client.frames:chunk, togetherai.TogetherAI.chat.completions.create:object
unchunk-parsers = mycompany.text.parse_json
unchunk-safe-functions = mycompany.streams.whole_events
# or all three from here
unchunk-config = pyproject.toml
```
"""


def page() -> str:
    """Return the whole page."""
    junk = ", ".join(f"`{name}`" for name in sorted(JUNK_FOLDERS))
    return INTRODUCTION + "\n".join(_options()) + "\n" + ENDING.format(junk=junk)


def schema() -> str:
    """Return the JSON Schema."""
    return json.dumps(SCHEMA, indent=2) + "\n"


def _options() -> Iterator[str]:
    yield "| key | value | |"
    yield "|---|---|---|"
    for key, option in SCHEMA["properties"].items():
        yield f"| `{key}` | {_kind(option)} | {option['description']} |"


def _kind(option: dict[str, Any]) -> str:
    match option:
        case {"enum": choices}:
            return "one of " + ", ".join(f"`{choice}`" for choice in choices)
        case {"type": "array"}:
            return "list of strings"
        case {"type": "object", "additionalProperties": dict(inner)}:
            return f"table: {_kind(inner)} for each name"
        case {"type": "boolean"}:
            return "true or false"
        case _:
            return "string"


def main() -> None:
    """Write both files."""
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA_FILE.write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
