"""`python -m unchunk`: the same as the `unchunk` command."""

import os
import sys

# Python puts the current folder first; the programs that are looked at must never be what we import.
if sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from unchunk.cli.main import run

if __name__ == "__main__":
    run()
