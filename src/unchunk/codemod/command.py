"""LibCST command for the same fixes, with LibCST's options and parallelism.

    python -m libcst.tool codemod --no-format -x unchunk.codemod.command.FixStreamedJson --unsafe-fixes src

`-x` takes the command from an installed package; without `--no-format` LibCST formats the files with black.
It rewrites files and nothing else: that the project depends on `unchunk` is to be declared by hand.
https://libcst.readthedocs.io/en/latest/codemods_tutorial.html
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext

from unchunk import checker
from unchunk.analysis import SourceError
from unchunk.analysis.faults import describe_fault
from unchunk.analysis.findings import Finding
from unchunk.codemod.fix import FixError, fix_source
from unchunk.codemod.interrupts import HeldInterrupts


class FixStreamedJson(CodemodCommand):
    """Rewrites streams whose pieces are parsed as whole documents onto the runtime helper."""

    DESCRIPTION = "Repairs JSON parsed from pieces of a stream as if each piece were whole."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        arg_parser.add_argument(
            "--unsafe-fixes",
            dest="unsafe_fixes",
            action="store_true",
            help="also make the fixes that want a person's eye",
        )
        arg_parser.add_argument(
            "--helper",
            dest="helper",
            metavar="MODULE",
            default="unchunk",
            help="the module that the helper is imported from, such as a vendored copy (default: unchunk)",
        )

    def __init__(self, context: CodemodContext, unsafe_fixes: bool = False, helper: str = "unchunk") -> None:
        super().__init__(context)
        self.unsafe_fixes = unsafe_fixes
        self.helper = helper

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        path = self.context.filename or "<string>"
        with HeldInterrupts():
            return self._fixed(tree, path)

    def _fixed(self, tree: cst.Module, path: str) -> cst.Module:
        try:
            result = fix_source(tree.code, path, unsafe=self.unsafe_fixes, module=self.helper, find=_find)
        except (FixError, SourceError) as error:
            self.warn(str(error))
            return tree
        except Exception as error:  # a fault of ours; the other files are not to suffer from it
            self.warn(f"{path}: {describe_fault(error)}")
            return tree
        for entry in result.left:
            line = entry.finding.span.line
            self.warn(f"{path}:{line}: {entry.finding.code} is left: {entry.reason or 'no fix'}")
        if not result.changed:
            return tree
        return cst.parse_module(result.source, config=tree.config_for_parsing)


def _find(source: str, path: str) -> Sequence[Finding]:
    """Return the findings that no comment silences; imports are followed, as `unchunk fix` does."""
    return checker.find(source, path, follow_imports=os.path.isfile(path))
