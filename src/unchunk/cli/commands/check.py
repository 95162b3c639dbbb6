"""`unchunk check`: report JSON parsed from pieces of a stream."""

from __future__ import annotations

import os

from unchunk.cli import arguments
from unchunk.cli.gather import Gathering
from unchunk.cli.parsing import Group, Option
from unchunk.cli.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.cache import Cache
    from unchunk.cli.parsing import Options

SUMMARY = "report JSON parsed from pieces of a stream as if each piece were whole"
EPILOG = """\
exit status: 0 clean, 1 findings, 2 something could not be done

examples:
  unchunk check                              the current folder, without what git ignores
  unchunk check src tests --statistics       two folders, with a count for each rule
  unchunk check --output-format sarif src    for code scanning
  unchunk check --diff-base origin/main      only what this branch has changed
  unchunk check --write-baseline FILE        record what there is; --baseline FILE then reports only what is new
  cat app.py | unchunk check --stdin-filename app.py -
"""

# With nothing to report these say nothing at all; the others write an empty list, or what stands for it.
_SILENT_FORMATS = ("text", "concise", "full", "github", "jsonlines")

_CONTRADICTIONS = (
    ("config", "isolated"),
    ("add_noqa", "write_baseline"),
    ("add_noqa", "disable_noqa"),
    ("report_unused_ignores", "disable_noqa"),
    ("baseline", "write_baseline"),
    ("diff_base", "write_baseline"),
    ("show_files", "show_settings"),
    *((name, "watch") for name in ("fix", "add_noqa", "write_baseline", "show_files", "show_settings", "why")),
)


_FIXING = Group(
    "repairing", Option("--fix", help="make the safe fixes first, as `unchunk fix` does, and report what is left")
)

OPTIONS = (
    arguments.PATHS,
    arguments.SELECTION,
    _FIXING,
    Group(
        "output",
        Option(
            "--output-format",
            metavar="FORMAT",
            default="text",
            help="text (default), concise, full, json, jsonlines, github, gitlab, junit, rdjson or sarif",
        ),
        Option("--output-file", "-o", metavar="FILE", help="write the report there instead of to standard output"),
        Option("--explain", help="show the way of the data from source to parse call (the format full)"),
        Option("--statistics", help="count the findings of each rule"),
        Option("--exit-zero", help="status 0 even with findings"),
        Option("--report-unused-ignores", help="report comments that silence nothing as well"),
    ),
    Group(
        "instead of reporting",
        Option("--write-baseline", metavar="FILE", help="record the findings there; a file that exists only shrinks"),
        Option("--add-noqa", help="add `# noqa` comments for all findings"),
        Option("--show-files", help="list the files that would be looked at"),
        Option("--show-settings", help="show what rules the first file, and from where"),
        Option("--watch", help="check again whenever a file changes, until Ctrl-C (needs `unchunk[watch]`)"),
        Option("--why", metavar="FILE:LINE", help="tell what is known of the values on a line, reported or not"),
    ),
    arguments.CACHING,
    arguments.GENERAL,
)


def run(options: Options) -> int:
    """Check and report."""
    session = Session(options)
    wrong = arguments.contradiction(options, _CONTRADICTIONS)
    if wrong is not None:
        return session.refuse(wrong)
    if options.watch and not options.fix:
        from unchunk.cli.watching import watch

        return watch(session, lambda: _once(Session(options)))
    return _once(session)


def _once(session: Session) -> int:
    """Check, report, and give the exit status."""
    options = session.options
    if options.fix:
        return _fixed(session)
    session.tidy_up()
    try:
        if options.show_files or options.show_settings or options.why:
            from unchunk.cli.inspection import show

            return show(session, Gathering(session))
        cache = _cache(session)
        status = _checked(session, cache)
    except ValueError as error:
        return session.refuse(str(error))
    if cache is not None:
        cache.save()
    return status


def _fixed(session: Session) -> int:
    """Run `unchunk fix`, as far as it has the same options."""
    from unchunk.cli.commands import fix
    from unchunk.cli.parsing import Options, parse

    asked, defaults = vars(session.options), vars(parse(OPTIONS, ()))
    known = vars(parse(fix.OPTIONS, ()))
    meant = {*known, "fix", "no_cache", "cache_dir"}  # a fix looks into every file anyway
    strange = [key for key, value in asked.items() if key not in meant and value != defaults[key]]
    if session.options.output_format != "text":
        strange.append("output_format")
    if strange:
        return session.refuse(f"--fix cannot be used with {', '.join(map(arguments.flag, strange))}; see `unchunk fix`")
    return fix.run(Options(**known | {key: asked[key] for key in known.keys() & asked.keys()}))


def _checked(session: Session, cache: Cache | None) -> int:
    gathering = Gathering(session, cache)
    candidates = gathering.candidates()
    if gathering.users and not session.options.quiet:
        from unchunk.cli.project_edits import tell_undeclared

        tell_undeclared(session, [path for users in gathering.users.values() for path in users])
    if not candidates and _is_plain(session.options):
        session.tell_clean()
        return session.status(0)
    from unchunk.cli.checking import check

    return check(session, gathering, candidates, cache)


def _cache(session: Session) -> Cache | None:
    """Return the previous run's cache; None where no folder is searched, so that reading it does not pay."""
    options = session.options
    if options.no_cache or (options.paths and not any(map(os.path.isdir, options.paths))):
        return None
    from unchunk.cli.caching import cache_of

    return cache_of(options, session.configs)


def _is_plain(options: Options) -> bool:
    """Decide whether nothing is left to do, and no option can be wrong, if no file can hold a finding."""
    asked = (
        options.select,
        options.extend_select,
        options.ignore,
        options.per_file_ignores,
        options.baseline,
        options.diff_base,
        options.output_file,
        options.write_baseline,
        options.report_unused_ignores,
        options.color == "always",
    )
    return options.output_format in _SILENT_FORMATS and not any(asked)
