"""The state of a run: the configuration files in use, and the problems."""

from __future__ import annotations

import os
import sys

from unchunk.project.config_files import ConfigFiles, ConfigurationError
from unchunk.project.git import top_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unchunk.cli.parsing import Options
    from unchunk.project.configuration import Configuration


LEFT_OVER = ".unchunk-"
"""Prefix of the names of remains (see `codemod.staging`)."""


class Session:
    """One run of `check` or `fix`.

    Attributes:
        options: the arguments.
        configs: answers which configuration rules where.
        problems: path, line (or None) and message of whatever could not be done; each has been told on stderr.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.configs = ConfigFiles(options.config, isolated=options.isolated)
        self.problems: dict[tuple[str, int | None, str], None] = {}

    def tidy_up(self) -> None:
        """Remove the remains of lost runs from the trees of this one."""
        for top in dict.fromkeys(map(top_of, self.options.paths or [os.curdir])):
            if any(name.startswith(LEFT_OVER) for name in _names(top)):
                from unchunk.codemod.staging import sweep  # hardly ever needed

                sweep(top)

    def problem(self, path: str, message: str, line: int | None) -> None:
        """Report a failure once, on one line; the run continues and ends with status 2."""
        told = (path, line, message)
        if told in self.problems:
            return
        self.problems[told] = None
        place = path if line is None else f"{path}:{line}"
        _say(f"{place}: {' '.join(message.split())}")

    def refuse(self, message: str) -> int:
        """Report that the run is impossible as asked for, and return its exit status."""
        _say(" ".join(message.split()))
        return 2

    def status(self, findings: int) -> int:
        """Return the exit status: 2 after a failure, else 1 if there are findings, else 0."""
        if self.problems:
            return 2
        return 1 if findings and not getattr(self.options, "exit_zero", False) else 0

    @property
    def tells_people(self) -> bool:
        """Decide whether words beside the findings are wanted on standard output."""
        human = self.options.output_format in ("text", "full")
        return human and not self.options.quiet and sys.stdout is not None

    def tell_clean(self) -> None:
        """Report that there is nothing to report."""
        if self.tells_people and not self.problems:
            print("All checks passed!")

    def note(self, message: str) -> None:
        """Print a remark that changes nothing."""
        if not self.options.quiet:
            _say(message)

    def config_for(self, path: str) -> Configuration | None:
        """Return the configuration of a file; None where the defaults apply.

        Raises:
            ConfigurationError: it is broken, which has been told.
        """
        try:
            return self.configs.of_directory(os.path.dirname(path))
        except ConfigurationError as error:
            self.problem(error.path, error.reason, error.line)
            raise


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _say(message: str) -> None:
    from unchunk.analysis.visible import visible  # a clean run says nothing, and imports nothing for it

    print(visible(f"unchunk: {message}"), file=sys.stderr)
