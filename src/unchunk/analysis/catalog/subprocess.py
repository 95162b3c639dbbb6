"""Pipes of child processes: https://docs.python.org/3/library/subprocess.html#popen-objects"""

from __future__ import annotations

from .files import File
from .rows import CHUNK, WHOLE, client, constant

SUBPROCESS = client(
    "subprocess", distribution="", docs="https://docs.python.org/3/library/subprocess.html#popen-objects"
)
Popen = SUBPROCESS.type("Popen")
CompletedProcess = SUBPROCESS.type("CompletedProcess")

Popen.attribute(File, "stdout", "stderr")
Popen.makes((WHOLE, WHOLE), "communicate")
Owner = SUBPROCESS.type("anything with the pipes of a process")
Owner.read(CHUNK, "stdout.read", "stderr.read", only=constant("size", 0), untyped=True, exact=True)
SUBPROCESS.makes(CompletedProcess, "run")
CompletedProcess.attribute(WHOLE, "stdout", "stderr")
SUBPROCESS.makes(WHOLE, "check_output")
SUBPROCESS.makes(WHOLE, "getoutput", text=True)
SUBPROCESS.makes((None, WHOLE), "getstatusoutput", text=True)
