"""The flake8 plugin: the findings of the engine as `UNC` codes.

flake8 imports this module in every run and in every worker process, so that it imports next to nothing itself:
the engine comes in when a file may contain a finding.
https://flake8.pycqa.org/en/latest/plugin-development/
"""

from __future__ import annotations

import unchunk

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import ast
    from collections.abc import Iterator
    from typing import Any

    from unchunk.analysis.settings import Settings

_FAMILY = "UNC"
FAULT = "UNC000"
"""Code for problems, not findings: the file could not be analyzed, or only in part."""


class Plugin:
    """The class that flake8 calls for every file, with the tree that it has parsed already.

    Rules that are off by default are reported where `select` or `extend-select` names them more closely than `UNC`.
    """

    name = "unchunk"
    version = unchunk.__version__

    # flake8 hands the options to the class, once in a process, before it makes instances.
    _settings: Settings | None = None
    _asked_for: tuple[str, ...] = ()
    _suppressions = True

    def __init__(self, tree: ast.Module, lines: list[str], filename: str) -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename

    @classmethod
    def add_options(cls, manager: Any) -> None:
        """Declare the engine's options in flake8's configuration files and command line."""
        for option, metavar, text in (
            (
                "--unchunk-sources",
                "NAME:FRAMING",
                "functions that return streams, such as mypackage.Client.frames:chunk",
            ),
            ("--unchunk-parsers", "NAME", "functions that parse their first argument as one JSON document"),
            ("--unchunk-safe-functions", "NAME", "functions that take pieces of a stream and give back whole things"),
        ):
            manager.add_option(
                option, metavar=metavar, default="", parse_from_config=True, comma_separated_list=True, help=text
            )
        manager.add_option(
            "--unchunk-config",
            metavar="FILE",
            default="",
            parse_from_config=True,
            normalize_paths=True,
            help="a pyproject.toml or unchunk.toml to take sources, parsers and safe functions from",
        )

    @classmethod
    def parse_options(cls, manager: Any, options: argparse.Namespace, arguments: list[str]) -> None:
        """Read the user's options; flake8 reports what is wrong with them."""
        asked_for = (*(options.select or ()), *(options.extend_select or ()))
        cls._asked_for = tuple(code for code in asked_for if code.startswith(_FAMILY) and code != _FAMILY)
        cls._suppressions = not options.disable_noqa
        try:
            cls._settings = _settings(options)
        except ValueError as error:
            from flake8.exceptions import ExecutionError  # type: ignore[import-untyped]

            raise ExecutionError(f"unchunk: {error}") from error
        if cls._settings is not None and cls._settings.sources:
            _warn(cls._settings)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield line (from 1), column (from 0), message and type of every finding."""
        if not self._lines:
            return
        try:
            found = list(self._found())
        except Exception as error:  # a fault of ours; flake8 would stop, and lose what was found in all other files
            from unchunk.analysis.faults import describe_fault

            found = [(1, 0, f"{FAULT} {describe_fault(error)}")]
        for line, column, text in found:
            yield line, column, text, type(self)

    def _found(self) -> Iterator[tuple[int, int, str]]:
        from unchunk.analysis.prefilter import may_contain_alone

        source = "".join(self._lines)
        settings = self._selected() if self._settings or self._asked_for else None
        if not may_contain_alone(source.encode("utf-8", "surrogatepass"), settings):
            return
        from unchunk.analysis import SourceError
        from unchunk.analysis.limits import limits
        from unchunk.checker import find_in_tree

        try:
            with limits() as reached:
                findings = find_in_tree(
                    self._tree, source, self._filename, self._selected(), suppressions=self._suppressions
                )
        except SourceError as error:
            findings, reached = [], {error.message: None}
        for limit in reached:
            yield 1, 0, f"{FAULT} {limit}"
        for finding in findings:
            yield finding.span.line, finding.span.column, f"{finding.code} {finding.message}"

    @classmethod
    def _selected(cls) -> Settings:
        """Return the settings in force; flake8 decides what of that is reported in the end."""
        from dataclasses import replace

        from unchunk.analysis import Settings
        from unchunk.analysis.rules import all_rules, default_codes

        asked_for = {rule.CODE for rule in all_rules() if rule.CODE.startswith(cls._asked_for)}
        return replace(cls._settings or Settings(), select=default_codes() | asked_for)


def _settings(options: argparse.Namespace) -> Settings | None:
    """Return the options' additions to the engine; None if there are none.

    Raises:
        ValueError: one of them is wrong; says which.
    """
    given = (options.unchunk_sources, options.unchunk_parsers, options.unchunk_safe_functions, options.unchunk_config)
    if not any(given):
        return None
    from unchunk.project.configuration import combined, load

    from_file = load(options.unchunk_config).settings if options.unchunk_config else None
    return combined(
        from_file,
        {
            "sources": dict(map(_source, options.unchunk_sources)),
            "parsers": options.unchunk_parsers,
            "safe-functions": options.unchunk_safe_functions,
        },
    )


def _warn(settings: Settings) -> None:
    """Warn about sources that cannot match anything."""
    import sys

    from unchunk.analysis.catalog.user import cannot_match

    for name, _ in settings.sources:
        if why := cannot_match(name):
            print(f"unchunk: warning: `{name}` of unchunk-sources matches nothing: {why}", file=sys.stderr)


def _source(word: str) -> tuple[str, str]:
    name, colon, framing = word.rpartition(":")
    if not colon:
        raise ValueError(f"unchunk-sources wants NAME:FRAMING, not {word!r}")
    return name, framing
