"""`unchunk fix`: fix what can be fixed, and say why the rest cannot."""

from __future__ import annotations

from unchunk.cli import arguments
from unchunk.cli.copies import roots_with_copies
from unchunk.cli.gather import Gathering
from unchunk.cli.parsing import Group, Option
from unchunk.cli.session import Session
from unchunk.project.module_names import is_module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.parsing import Options

SUMMARY = "repair JSON parsed from pieces of a stream"
EPILOG = """\
exit status: 0 nothing left, 1 findings left (or, with --diff, something to change), 2 something could not be done

examples:
  unchunk fix                          the current folder; the project's dependencies get unchunk where it is needed
  unchunk fix --diff src               show what would change, change nothing
  unchunk fix --unsafe-fixes app.py    also what wants a person's eye
  unchunk fix --vendor mypackage._unchunk    keep a copy of the helper in the project instead of a dependency
"""

_CONTRADICTIONS = (("config", "isolated"), ("quiet", "diff"))


OPTIONS = (
    arguments.PATHS,
    arguments.SELECTION,
    Group(
        "repairing",
        Option("--diff", help="print what would change, change nothing"),
        Option("--unsafe-fixes", help="also make the fixes that want a person's eye"),
        Option("--vendor", metavar="MODULE", help="write a copy of the helper to this module and import it from there"),
        Option("--fix-only", help="say nothing of findings that are left, and end with status 0 in spite of them"),
        Option("--no-dependency", help="do not add unchunk to the project's dependencies"),
        Option("--exit-zero", help="status 0 even if findings are left"),
        Option("--output-format", choices=("text", "json"), default="text", help="how to tell what was done"),
    ),
    arguments.GENERAL,
)


def run(options: Options) -> int:
    """Fix and report."""
    session = Session(options)
    wrong = arguments.contradiction(options, _CONTRADICTIONS)
    if wrong is not None:
        return session.refuse(wrong)
    session.tidy_up()
    if options.vendor and not is_module_name(options.vendor):
        return session.refuse(f"--vendor {options.vendor}: not the name of a module; write it as package.module")
    gathering = Gathering(session)
    try:
        candidates = gathering.candidates()
        if not candidates and arguments.STDIN in options.paths:
            from unchunk.cli.output import write_bytes

            write_bytes(b"" if options.diff else gathering.stdin)
            return session.status(0)
        is_idle = not candidates and not gathering.users and not roots_with_copies(session)
        if is_idle and not options.select and options.output_format == "text":
            if not options.diff:
                session.tell_clean()
            return session.status(0)
        from unchunk.cli.fixing import fix
        from unchunk.codemod.interrupts import noted_interrupts

        with noted_interrupts():
            return fix(session, gathering, candidates)
    except ValueError as error:
        return session.refuse(str(error))
