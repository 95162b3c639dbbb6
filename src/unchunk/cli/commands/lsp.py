"""`unchunk lsp`: findings, explanations and fixes in an editor, over the Language Server Protocol."""

from __future__ import annotations

import sys

from unchunk.cli import arguments
from unchunk.cli.parsing import Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.parsing import Options

SUMMARY = "serve an editor over standard input and output (Language Server Protocol)"
EPILOG = """\
An editor starts this command; how, for each editor, is told in the documentation. It needs `unchunk[lsp]`.

examples:
  unchunk lsp                            report what `unchunk check` reports
  unchunk lsp --extend-select UNC2       also what is off by default
"""
OPTIONS = (
    arguments.SELECTION,
    Group(
        "repairing",
        Option("--unsafe-fixes", help="let “fix all” make the fixes that want a person's eye, too"),
        Option("--vendor", metavar="MODULE", help="import the helper from this module, a copy in the project"),
    ),
    Group(
        "general",
        Option("--config", metavar="FILE", help="this configuration file instead of the nearest"),
        Option("--isolated", help="no configuration file at all"),
        Option("--stdio", help="speak over standard input and output, which is done anyway: some clients add it"),
    ),
)


def run(options: Options) -> int:
    """Serve until the client says goodbye."""
    try:
        from unchunk.lsp.server import serve
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("unchunk"):
            raise
        print(f"unchunk: {missing.name} is not installed: pip install 'unchunk[lsp]'", file=sys.stderr)
        return 2
    try:
        serve(options)
    except ValueError as error:
        print(f"unchunk: {error}", file=sys.stderr)
        return 2
    return 0
