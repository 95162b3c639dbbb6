"""Repair every repository that all-repos knows, each on a branch of its own.

    python all_repos_unchunk.py --dry-run      show what would happen
    python all_repos_unchunk.py                repair, commit, push

Needs `pip install all-repos "unchunk[fix]"` and an all-repos.json: https://github.com/asottile/all-repos
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from all_repos import autofix_lib
from all_repos.config import Config
from all_repos.grep import repos_matching

UNCHUNK = (sys.executable, "-m", "unchunk")
FINDINGS_LEFT = 1


def find_repos(config: Config) -> Iterable[str]:
    """Those that parse JSON in Python at all; unchunk itself tells quickly which of them have the bug."""
    found: Iterable[str] = repos_matching(config, ("-lE", "loads|validate_json|parse_raw", "--", "*.py", "*.ipynb"))
    return found


def apply_fix() -> None:
    """Repair what is safe, with the dependency that the repair needs. What is left is for a person, and no failure."""
    done = autofix_lib.run(*UNCHUNK, "fix", ".", check=False)
    if done.returncode not in (0, FINDINGS_LEFT):
        done.check_returncode()
    autofix_lib.run("git", "add", "--all")  # a copy of the helper (--vendor) is a new file


def check_fix() -> None:
    """Assert that the fixed files are Python, with nothing more to fix."""
    autofix_lib.run(sys.executable, "-m", "compileall", "-q", "-x", r"[/\\]\.", ".")
    done = autofix_lib.run(*UNCHUNK, "fix", "--diff", ".", check=False, capture_output=True, text=True)
    if done.stdout:
        raise SystemExit(f"a second run would change more:\n{done.stdout}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    autofix_lib.add_fixer_args(parser)
    args = parser.parse_args(argv)
    autofix_lib.require_version_gte("unchunk", "0.1")
    repos, config, commit, settings = autofix_lib.from_cli(
        args,
        find_repos=find_repos,
        msg="Parse streamed JSON whole, however the stream is cut",
        branch_name="unchunk",
    )
    autofix_lib.fix(
        repos, apply_fix=apply_fix, check_fix=check_fix, config=config, commit=commit, autofix_settings=settings
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
