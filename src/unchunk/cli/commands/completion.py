"""`unchunk completion`: a script that lets the shell complete commands, options and paths."""

from __future__ import annotations

from unchunk.cli.parsing import Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from unchunk.cli.parsing import Options

SUMMARY = "print a completion script for bash, zsh, fish or tcsh"
EPILOG = """\
examples:
  eval "$(unchunk completion --shell bash)"                      in ~/.bashrc
  unchunk completion --shell zsh > "${fpath[1]}/_unchunk"        once
  unchunk completion --shell fish > ~/.config/fish/completions/unchunk.fish
"""
OPTIONS = (
    Group(
        "which shell",
        Option("--shell", choices=("bash", "zsh", "fish", "tcsh"), default="bash", help="bash by default"),
    ),
)


def run(options: Options) -> int:
    """Print the script."""
    import shtab  # type: ignore[import-not-found, import-untyped, unused-ignore]

    from unchunk.cli import output

    output.write([shtab.complete(_all_commands(shtab.FILE), options.shell)])
    return 0


def _all_commands(files: Mapping[str, object]) -> argparse.ArgumentParser:
    """Return one parser with every command as a part of it."""
    import argparse

    from unchunk.analysis.rules import rule_names
    from unchunk.cli.main import commands, parser_of
    from unchunk.project.selection import EVERYTHING
    from unchunk.report import formats

    names = rule_names()
    words = {
        "CODES": [EVERYTHING, *names, *names.values()],
        "CODE": [*names, *names.values()],
        "FORMAT": formats.names(),
    }
    parser = argparse.ArgumentParser(prog="unchunk")
    parser.add_argument("--version", "-V", action="store_true", help="show the version")
    parts = parser.add_subparsers()
    for name in commands():
        one = parser_of(name)
        part = parts.add_parser(name, help=one.description, parents=[one], add_help=False)
        for action in part._actions:  # argparse has no public way to ask
            if action.metavar in ("PATH", "FILE"):
                action.complete = files  # type: ignore[attr-defined]
            elif action.metavar in words:
                action.choices = words[action.metavar]
    return parser
