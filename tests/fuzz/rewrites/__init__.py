"""Programs composed by a grammar, run before and after their fix: `python -m tests.fuzz.rewrites --programs 20000`.

Each program reads a fake stream in this process. The reference is what the original does on well-cut pieces, as its
author's server sends them; the fixed program has to do the same on those, no later, and on the same stream at every
other cut. See `docs/semantics.md` for the rule that is held here.
"""
