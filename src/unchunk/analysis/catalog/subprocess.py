"""Pipes of child processes: https://docs.python.org/3/library/subprocess.html#popen-objects"""

from __future__ import annotations

from .dsl import CHUNK, WHOLE, client, constant
from .files import File

SUBPROCESS = client(
    "subprocess", distribution="", docs="https://docs.python.org/3/library/subprocess.html#popen-objects"
)
Popen = SUBPROCESS.type("Popen")
CompletedProcess = SUBPROCESS.type("CompletedProcess")

Popen.attribute(File, "stdout", "stderr")
Popen.returns((WHOLE, WHOLE), "communicate")
Owner = SUBPROCESS.type("anything with the pipes of a process")
Owner.read(CHUNK, "stdout.read", "stderr.read", only=constant("size", 0), untyped=True, exact=True)
SUBPROCESS.returns(CompletedProcess, "run")
CompletedProcess.attribute(WHOLE, "stdout", "stderr")
SUBPROCESS.returns(WHOLE, "check_output")
SUBPROCESS.returns(WHOLE, "getoutput", text=True)
SUBPROCESS.returns((None, WHOLE), "getstatusoutput", text=True)
