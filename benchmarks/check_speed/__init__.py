"""CPU time of `unchunk check` and the flake8 plugin, beside ruff, flake8 and Python itself."""
