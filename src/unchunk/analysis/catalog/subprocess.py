"""Pipes of child processes: https://docs.python.org/3/library/subprocess.html#popen-objects"""

from __future__ import annotations

from .files import File
from .rows import WHOLE, client

SUBPROCESS = client(
    "subprocess", distribution="", docs="https://docs.python.org/3/library/subprocess.html#popen-objects"
)
Popen = SUBPROCESS.type("Popen")
CompletedProcess = SUBPROCESS.type("CompletedProcess")

Popen.attribute(File, "stdout", "stderr")
Popen.makes((WHOLE, WHOLE), "communicate")
SUBPROCESS.makes(CompletedProcess, "run")
CompletedProcess.attribute(WHOLE, "stdout", "stderr")
SUBPROCESS.makes(WHOLE, "check_output")
SUBPROCESS.makes(WHOLE, "getoutput", text=True)
SUBPROCESS.makes((None, WHOLE), "getstatusoutput", text=True)
