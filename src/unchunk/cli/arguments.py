"""Options shared by `check` and `fix`."""

from __future__ import annotations

from unchunk.cli.parsing import Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from unchunk.cli.parsing import Options

STDIN = "-"


def jobs(text: str) -> int:
    """Read a number from 1 on."""
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"must be a number from 1 on, not {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """Read a number of seconds."""
    if not text.replace(".", "", 1).isdigit() or float(text) <= 0:
        raise ValueError(f"must be a number of seconds, not {text!r}")
    return float(text)


PATHS = Group(
    "what to look at",
    Option("paths", metavar="PATH", help="files and folders (default: the current folder); - reads standard input"),
    Option("--stdin-filename", metavar="NAME", help="the name of what comes from standard input"),
    Option("--exclude", many=True, metavar="PATTERNS", help="leave these out, on top of what the configuration says"),
    Option("--force-exclude", help="leave out excluded files even if they are named (for pre-commit)"),
    Option("--no-respect-gitignore", help="look at files that git ignores as well"),
    Option("--diff-base", metavar="REV", help="only findings on lines changed since this git revision"),
)
SELECTION = Group(
    "which findings count",
    Option("--select", many=True, metavar="CODES", help="these rules only: codes, their beginnings, names, or ALL"),
    Option("--extend-select", many=True, metavar="CODES", help="these rules as well"),
    Option("--ignore", many=True, metavar="CODES", help="not these rules"),
    Option("--per-file-ignores", many=True, metavar="PATTERN:CODES", help="not these rules in files that match"),
    Option("--baseline", metavar="FILE", help="leave out the findings recorded in this file"),
    Option("--disable-noqa", help="report in spite of `# noqa` and `# unchunk: ignore`"),
)
CACHING = Group(
    "what is kept between runs",
    Option("--no-cache", "-n", help="look into every file, and keep nothing (UNCHUNK_NO_CACHE=1 says the same)"),
    Option("--cache-dir", metavar="DIR", help="keep it there (default: $UNCHUNK_CACHE_DIR, else .unchunk_cache)"),
)
COLOR = Option("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)")
GENERAL = Group(
    "general",
    Option("--config", metavar="FILE", help="this configuration file instead of the nearest"),
    Option("--isolated", help="no configuration file at all"),
    Option("--jobs", "-j", metavar="N", type=jobs, help="processes to use (default: one a processor, where it pays)"),
    Option("--quiet", "-q", help="say nothing but findings and errors"),
    COLOR,
)


def contradiction(options: Options, pairs: Iterable[tuple[str, str]]) -> str | None:
    """Return in words which options contradict each other, or None."""
    for first, second in pairs:
        if getattr(options, first) and getattr(options, second):
            return f"{flag(first)} and {flag(second)} cannot be used together"
    paths = getattr(options, "paths", [])
    if STDIN in paths and len(paths) > 1:
        return "- (standard input) cannot be mixed with paths"
    if getattr(options, "stdin_filename", None) and paths != [STDIN]:
        return "--stdin-filename wants - as the only path"
    return None


def flag(name: str) -> str:
    """Return the option of an attribute of the options."""
    return "--" + name.replace("_", "-")
