"""`unchunk COMMAND …`: find the command's module and run it.

Every module of `unchunk.cli.commands` is a command of its own name, with

- `SUMMARY`: one line for `unchunk --help`, and `EPILOG`: examples for its own help;
- `OPTIONS`: groups of options;
- `run(options) -> int`: does the work and gives the exit status.

Only the module of the command asked for is imported, so that one more command costs the others nothing.
"""

from __future__ import annotations

import os
import sys

from unchunk.cli.parsing import Options, Rejected, argparser, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import ModuleType

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_ERROR = 2
EXIT_INTERRUPTED = 130

_USAGE = """\
Find, repair and prevent JSON parsed from pieces of a stream as if each piece were whole.

Usage: unchunk COMMAND [OPTIONS] [PATH...]

Commands:
{commands}

Options:
  -h, --help     show this help; `unchunk COMMAND --help` shows a command's
  -V, --version  show the version

Examples:
  unchunk check                  look through the current folder
  unchunk fix --diff src         show what would be repaired, change nothing
  unchunk rule UNC101            why it is bad, and what to write instead
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `unchunk` with the arguments given and return its exit status: 0 clean, 1 findings left, 2 usage or tool
    error.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _be_ready_for_any_text()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("unchunk: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "unchunk":
            raise
        print(f"unchunk: this needs the package {missing.name}: pip install 'unchunk[all]'", file=sys.stderr)
        return EXIT_ERROR
    except Exception as error:  # Python's own status for it would be 1, which here means findings
        from unchunk.analysis.faults import describe_fault

        print(f"unchunk: {describe_fault(error)}", file=sys.stderr)
        return EXIT_ERROR
    finally:
        _flush()


def run() -> None:
    """Run as the console script."""
    raise SystemExit(main())


def commands() -> list[str]:
    """Return the names of all commands, in alphabetical order."""
    import pkgutil

    from unchunk.cli import commands as package

    return sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_"))


def parser_of(name: str) -> argparse.ArgumentParser:
    """Return the argument parser of a command, for its help and for shell completion."""
    module = _command(name)
    if module is None:
        raise LookupError(name)
    return argparser(name, module.SUMMARY, module.EPILOG, module.OPTIONS)


def _run(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return EXIT_CLEAN if arguments else EXIT_ERROR
    if name in ("-V", "--version", "version"):
        from unchunk import __version__

        print(f"unchunk {__version__}")
        return EXIT_CLEAN
    module = _command(name)
    if module is None:
        print(f"unchunk: there is no command {name!r}; {_hint(name)}", file=sys.stderr)
        return EXIT_ERROR
    try:
        options = _options(name, module, arguments[1:])
    except SystemExit as stop:  # argparse has shown the help, or said what is wrong
        return stop.code if isinstance(stop.code, int) else EXIT_ERROR
    status: int = module.run(options)
    return status


def _options(name: str, module: ModuleType, arguments: list[str]) -> Options:
    """Parse the command line: the usual spellings in a few lines, all others by argparse."""
    try:
        return parse(module.OPTIONS, arguments)
    except Rejected:
        return Options(**vars(parser_of(name).parse_intermixed_args(arguments)))


def _command(name: str) -> ModuleType | None:
    if not name.isidentifier() or name.startswith("_"):
        return None
    import importlib

    qualified = f"unchunk.cli.commands.{name}"
    try:
        return importlib.import_module(qualified)
    except ModuleNotFoundError as missing:
        if missing.name != qualified:
            raise
        return None


def _help() -> str:
    rows = [f"  {name:<12} {_summary(name)}" for name in commands()]
    return _USAGE.format(commands="\n".join(rows))


def _summary(name: str) -> str:
    module = _command(name)
    return str(module.SUMMARY) if module else ""


def _hint(name: str) -> str:
    import difflib

    if os.path.exists(name):
        return f"to look through {name} say: unchunk check {name}"
    close = difflib.get_close_matches(name, commands(), n=1)
    return f"did you mean {close[0]!r}?" if close else "`unchunk --help` lists them"


def _be_ready_for_any_text() -> None:
    """Escape output that the terminal cannot show, so that no character or file name stops it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # there is no stream at all after `>&-`
        if reconfigure is not None:
            reconfigure(errors=_escape_handler())


def _escape_handler() -> str:
    import codecs

    codecs.register_error("unchunk-escape", _escape)
    return "unchunk-escape"


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return a path's undecodable bytes as they were, and escape what the encoding lacks."""
    assert isinstance(error, UnicodeEncodeError)
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return character.encode("ascii", "backslashreplace"), error.start + 1


def _flush() -> None:
    """Flush the output, tolerating that its reader has gone (`unchunk check | head`)."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            # What is still buffered would be written, and fail, once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
