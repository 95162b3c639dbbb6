"""`unchunk campaign`: the codemod across many repositories."""

from __future__ import annotations

from unchunk.cli import arguments
from unchunk.cli.parsing import Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.parsing import Options

SUMMARY = "fix many repositories, and keep a ledger of what came of each"
EPILOG = """\
actions:
  run [REPO…]          do what is left to do of these repositories, and of those that the ledger has already
  status               count the repositories by state
  show REPO            show what came of one repository
  export               write the ledger as JSON, a line for each repository; with --patches DIR the patches as files
  push [REPO…]         push the commits as branches to where the repositories come from
  pr-text REPO         write the text of a pull request
  report               write a report of all of it

exit status: 0 done, 1 a repository failed or a branch could not be pushed, 2 nothing could be done

examples:
  unchunk campaign run --root ~/work                      every repository below a folder; again, to go on
  unchunk campaign run --repos-file repos.txt --jobs 8    addresses or folders, one a line
  unchunk campaign run --retry failed                     those that failed once more
  unchunk campaign report --html report.html              a page to look at
  unchunk campaign push && unchunk campaign pr-text org/app | gh pr create --title "…" --body-file -
"""
OPTIONS = (
    Group("what to do", Option("words", metavar="ACTION", help="run, status, show, export, push, pr-text or report")),
    Group(
        "the ledger",
        Option("--ledger", metavar="FILE", default="unchunk-campaign.sqlite", help="(default: %(default)s)"),
    ),
    Group(
        "run: which repositories",
        Option("--repos-file", many=True, metavar="FILE", help="those listed there, one a line"),
        Option("--root", many=True, metavar="DIR", help="those in this folder, however deep"),
        Option("--retry", many=True, metavar="STATE", help="also those in this state, or with this kind of error"),
    ),
    Group(
        "run: what is made of each; decided by the first run",
        Option("--message", "-m", metavar="TEXT", help="of the commit; may contain {fixed}, {left}, {codes}, {files}"),
        Option("--branch", metavar="NAME", help="that `push` makes (default: unchunk)"),
        Option("--verify", metavar="COMMAND", help="has to succeed in the changed tree, such as 'pytest -q'"),
        Option("--verify-limit", metavar="SECONDS", type=arguments.seconds, help="for that (default: 600)"),
        Option("--unsafe-fixes", help="also make the fixes that want a person's eye"),
        Option("--vendor", metavar="MODULE", help="write a copy of the helper to this module and import it from there"),
        Option("--no-dependency", help="do not add unchunk to the projects' dependencies"),
        Option("--select", many=True, metavar="CODES", help="these rules only"),
        Option("--extend-select", many=True, metavar="CODES", help="these rules as well"),
        Option("--ignore", many=True, metavar="CODES", help="not these rules"),
        Option("--exclude", many=True, metavar="PATTERNS", help="leave these files out"),
        Option("--isolated", help="without the configuration of the repositories"),
    ),
    Group(
        "run: how",
        Option("--jobs", "-j", metavar="N", type=arguments.jobs, help="at a time (default: one a processor)"),
        Option("--scheduler", metavar="ADDRESS", help="work on a Dask cluster, such as tcp://host:8786"),
        Option("--time-limit", metavar="SECONDS", type=arguments.seconds, help="of each repository (default: 900)"),
        Option("--memory-limit", metavar="MB", type=arguments.jobs, help="of each repository (default: 2048)"),
        Option("--scratch", metavar="DIR", help="folder for clones (default: the system's own)"),
    ),
    Group(
        "what is written",
        Option("--html", metavar="FILE", help="report: a page that needs nothing else"),
        Option("--patches", metavar="DIR", help="export: the patches as files"),
        Option("--output-format", choices=("text", "json", "markdown"), default="text", help="how to write it"),
        Option("--title", help="pr-text: the title instead of the text"),
        Option("--dry-run", help="push: do everything but the push"),
        Option("--quiet", "-q", help="say nothing but what went wrong"),
    ),
)


def run(options: Options) -> int:
    """Do the action."""
    from unchunk.cli.campaigning import act  # SQLite, executors: no other command needs them

    return act(options)
