"""How much CPU `unchunk check` and the flake8 plugin take, beside ruff, flake8 and Python itself."""
