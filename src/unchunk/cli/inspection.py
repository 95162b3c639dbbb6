"""Inspection instead of findings: the files, the settings, and why a line is reported or not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from unchunk.analysis import SourceError, explain
from unchunk.analysis.findings import InCell, Span
from unchunk.analysis.os_errors import reason_of
from unchunk.analysis.visible import visible
from unchunk.cli import output
from unchunk.cli.document import read
from unchunk.project.rule_selection import RuleSelector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.cli.gather import Gathering
    from unchunk.cli.session import Session
    from unchunk.project.configuration import Configuration


def show(session: Session, gathering: Gathering) -> int:
    """Show what is asked for, and return the exit status.

    Raises:
        ValueError: the command line asks for what is not there.
    """
    options = session.options
    if options.why:
        return _why(session, options.why)
    if options.show_files:
        output.write(f"{visible(found.path)}\n" for found in gathering.files())
        return session.status(0)
    first = next(iter(gathering.files()), None)
    if first is None:
        raise ValueError("there is no file to show the settings of")
    output.write(_settings(first.path, session.config_for(first.path), RuleSelector(options)))
    return session.status(0)


def _why(session: Session, place: str) -> int:
    """Print the engine's explanation of a line."""
    match = re.fullmatch(r"(?P<path>.+?)(?::cell (?P<cell>\d+))?:(?P<line>\d+)", place)
    if match is None:
        raise ValueError(f"--why wants FILE:LINE, not {place!r}")
    path, line = match["path"], int(match["line"])
    at = Span(line, 0, line, 0, InCell(int(match["cell"]), line, 0, line, 0) if match["cell"] else None)
    try:
        with open(path, "rb") as file:
            document = read(path, file.read())
        config = session.config_for(path)
        reasons = explain(
            document.source, path, document.line(at), settings=config.settings if config else None, follow_imports=True
        )
    except OSError as error:
        session.problem(path, reason_of(error), None)
    except SourceError as error:
        session.problem(path, error.message, error.line)
    except LookupError as error:
        raise ValueError(f"--why {place}: {error.args[0]}") from error
    else:
        output.write(f"{visible(place)}: {visible(reason)}\n" for reason in reasons)
    return session.status(0)


def _settings(path: str, config: Configuration | None, selector: RuleSelector) -> Iterator[str]:
    """Yield the settings as TOML-like lines that a person can compare with the file."""
    yield f"# for {path}\n"
    yield f"# from {config.path if config else 'the defaults: there is no configuration file'}\n"
    values: dict[str, Any] = {"rules": sorted(selector.codes(path, config))}
    if config is not None:
        values |= {
            "respect-gitignore": config.respect_gitignore,
            "baseline": config.baseline,
            "unsafe-fixes": config.unsafe_fixes,
            "dependency": config.dependency,
            "vendor": config.vendor,
            "cache-dir": config.cache_dir,
            "sources": dict(config.settings.sources),
            "parsers": list(config.settings.parsers),
            "safe-functions": list(config.settings.safe),
        }
    for name, value in values.items():
        yield f"{name} = {json.dumps(value)}\n"
