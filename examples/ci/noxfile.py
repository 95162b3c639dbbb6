"""nox -s unchunk, nox -s unchunk_fix"""

import nox


@nox.session
def unchunk(session: nox.Session) -> None:
    """Report JSON parsed from pieces of a stream."""
    session.install("unchunk")
    session.run("unchunk", "check", *(session.posargs or ["."]))


@nox.session(default=False)
def unchunk_fix(session: nox.Session) -> None:
    """Repair it."""
    session.install("unchunk[fix]")
    session.run("unchunk", "fix", *(session.posargs or ["."]))
