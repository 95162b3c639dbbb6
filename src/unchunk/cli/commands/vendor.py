"""`unchunk vendor`: writes, renews or checks the copy of the helper that a project keeps in its own tree."""

from __future__ import annotations

import os

from unchunk.cli import arguments
from unchunk.cli.parsing import Group, Option
from unchunk.cli.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.parsing import Options

SUMMARY = "write, renew or check the project's own copy of the helper"
EPILOG = """\
exit status: 0 up to date, 1 with --check or --diff: not up to date, 2 it cannot be written, or was changed by hand

examples:
  unchunk vendor mypackage._unchunk      write the copy, or renew it
  unchunk vendor --update                renew the one that the configuration names (`vendor`)
  unchunk vendor --check                 for CI: is it there, unchanged, and of this version?
"""
OPTIONS = (
    Group(
        "what to do",
        Option("modules", metavar="MODULE", help="the module of the copy (default: `vendor` of the configuration)"),
        Option("--update", help="write or renew the copy, as without any option"),
        Option("--check", help="write nothing; status 1 if the copy is missing or not up to date"),
        Option("--diff", help="show what would change, write nothing"),
    ),
    Group(
        "general",
        Option("--config", metavar="FILE", help="this configuration file instead of the nearest"),
        Option("--isolated", help="no configuration file at all"),
        Option("--quiet", "-q", help="say nothing but errors"),
        arguments.COLOR,
    ),
)
_CONTRADICTIONS = (("update", "check"), ("update", "diff"), ("config", "isolated"))


def run(options: Options) -> int:
    """Renew or check, and tell."""
    session = Session(options)
    wrong = arguments.contradiction(options, _CONTRADICTIONS)
    if wrong is not None:
        return session.refuse(wrong)
    try:
        config = session.config_for(os.curdir + os.sep)
    except ValueError:
        return session.status(0)
    modules = options.modules or ([config.vendor] if config and config.vendor else [])
    if not modules:
        return session.refuse("name the module, as in `unchunk vendor mypackage._unchunk`, or set `vendor`")
    from unchunk.cli.vendoring import vendored

    return max(vendored(session, module) for module in modules)
