"""pexpect: https://pexpect.readthedocs.io/en/stable/api/pexpect.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, absent, client, constant, given

PEXPECT = client("pexpect", docs="https://pexpect.readthedocs.io/en/stable/api/pexpect.html#pexpect.spawn.read")
Child = PEXPECT.type(
    "spawn", "spawnbase.SpawnBase", "popen_spawn.PopenSpawn", "fdpexpect.fdspawn", "socket_pexpect.SocketSpawn"
)
TextChild = PEXPECT.type("spawnu", bases=(Child,))

Child.read(CHUNK, "read_nonblocking", note="as much as has come, at most so many")
Child.returns(WHOLE, "read", only=absent("size", 0))
Child.read(CHUNK, "read", only=constant("size", 0), exact=True)
Child.read(MESSAGE, "read", only=given("size", 0), note="a length that was read before")
Child.read(LINE, "readline")
Child.yields(LINE, "readlines")
Child.iterates(LINE)
