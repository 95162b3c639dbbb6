"""`python -m unchunk`: the same as the `unchunk` command."""

from unchunk.cli.main import run

if __name__ == "__main__":
    run()
