"""Mutated real files and random programs, through `check`, `fix`, flake8 and the language server."""

from __future__ import annotations

import ast
import io
import random
import signal
import sysconfig
import time
import tokenize
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from unchunk.analysis import Settings, SourceError
from unchunk.cli.check_file import Task, check_file
from unchunk.cli.fix_file import FixTask, fix_file
from unchunk.codemod.fix import FixError
from unchunk.codemod.plan import plan
from unchunk.flake8_plugin import Plugin
from unchunk.lsp.checks import Rules

from .projects import BUG
from .table import Row

SECONDS = 10
"""Time limit for one file, in any of the shells."""
MAX_SIZE = 60_000

SOURCES = [
    "requests.get(url, stream=True).iter_content(None)",
    "requests.get(url, stream=True).iter_lines()",
    "httpx.stream('GET', url).__enter__().iter_bytes()",
    "httpx.stream('GET', url).__enter__().iter_text()",
    "urllib3.request('GET', url, preload_content=False).stream()",
    "iter(lambda: socket.create_connection((url, 1)).recv(4096), b'')",
    "openai.OpenAI().chat.completions.create(model='m', messages=[], stream=True)",
    "subprocess.Popen([url], stdout=subprocess.PIPE).stdout",
    "websocket.create_connection(url)",
    "redis.Redis().pubsub().listen()",
]
STEPS = [
    "{p} = {p}.strip()",
    "{p} = {p}.decode()",
    "if not {p}: continue",
    "if {p} == b'[DONE]': break",
    "{p} = {p}[6:]",
    "{p} = {p}.removeprefix(b'data: ')",
    "buffer += {p}",
    "print({p})",
    "{p} = {p}.choices[0].delta.content",
    "kept.append({p})",
    "{p} = b''.join(kept)",
    "global state; state = {p}",
    "{p} = helper({p})",
]
PARSES = [
    "data = json.loads({p})",
    "yield json.loads({p})",
    "return json.loads({p})",
    "data = [json.loads(x) for x in {p}.split(b'\\n')]",
    "data = orjson.loads({p})",
    "data = json.loads(buffer)",
    "assert json.loads({p})['id'], json.loads({p})",
    "data = (lambda x: json.loads(x))({p})",
]
WRAPS = [
    "try:\n{b}\nexcept ValueError:\n    continue",
    "try:\n{b}\nexcept Exception as error:\n    print(error)\nelse:\n    print(1)\nfinally:\n    print(2)",
    "if kept:\n{b}\nelse:\n{b}",
    "with open(url) as file:\n{b}",
    "match kept:\n    case [x]:\n{bb}\n    case _:\n{bb}",
    "while True:\n{b}\n    break",
    "for piece2 in [{p}]:\n{b}",
    "{b0}",
]
HEAD = (
    "import json, orjson, httpx, openai, redis, requests, socket, subprocess, urllib3, websocket\n"
    "state = None\ndef helper(x):\n    return x\n"
)


def _indented(text: str, by: int = 1) -> str:
    return "\n".join("    " * by + line for line in text.splitlines())


def _body(dice: random.Random, piece: str, depth: int) -> str:
    lines = [dice.choice(STEPS).format(p=piece) for _ in range(dice.randrange(3))]
    inner = dice.choice(PARSES).format(p=piece) if depth == 0 or dice.random() < 0.4 else _body(dice, piece, depth - 1)
    wrap = dice.choice(WRAPS)
    lines.append(wrap.format(p=piece, b=_indented(inner), bb=_indented(inner, 2), b0=inner))
    dice.shuffle(lines)
    return "\n".join(lines)


def random_program(dice: random.Random) -> bytes:
    """Make a program that Python compiles, with streams that are read and parsed in all kinds of ways."""
    while True:
        text = HEAD
        for number in range(dice.randint(1, 4)):
            loop = f"for piece in {dice.choice(SOURCES)}:\n{_indented(_body(dice, 'piece', dice.randrange(4)))}"
            start = "buffer = b''\nkept = []\n"
            text += f"def read{number}(url):\n{_indented(start + loop)}\n"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, "", "exec")
        except SyntaxError:
            continue
        return text.encode()


def mutated(source: bytes, dice: random.Random) -> bytes:
    """Change a few tokens or bytes of a file, and put a finding in it."""
    lines = source.split(b"\n")
    for _ in range(dice.randrange(3)):
        at = dice.randrange(len(lines) + 1)
        lines[at:at] = BUG.encode().split(b"\n")
    source = b"\n".join(lines)
    return _tokens(source, dice) if dice.random() < 0.7 else _bytes(source, dice)


def _tokens(source: bytes, dice: random.Random) -> bytes:
    try:
        found = [token.string for token in tokenize.tokenize(io.BytesIO(source).readline)]
    except (tokenize.TokenError, SyntaxError):
        return _bytes(source, dice)
    for _ in range(dice.randint(1, 5)):
        old, new = (dice.choice(found).encode() for _ in range(2))
        at = source.find(old, dice.randrange(len(source) + 1)) if old else -1
        if at >= 0:
            source = source[:at] + dice.choice([new, b"", old + b" " + old]) + source[at + len(old) :]
    return source


def _bytes(source: bytes, dice: random.Random) -> bytes:
    changed = bytearray(source)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(changed) + 1)
        changed[at : at + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(dice.randrange(3)))
    return bytes(changed)


def real_files(count: int, dice: random.Random) -> list[Path]:
    """Choose files of what is installed."""
    every = [
        path
        for path in Path(sysconfig.get_paths()["purelib"]).rglob("*.py")
        if "__pycache__" not in path.parts and 0 < path.stat().st_size <= MAX_SIZE
    ]
    every.sort()
    return dice.sample(every, min(count, len(every)))


def _check(source: bytes) -> None:
    outcome = check_file(Task("fuzz.py", source, Settings()))
    if outcome.problem is not None and "internal error" in outcome.problem.message:
        raise AssertionError(outcome.problem.message)


def _fix(source: bytes) -> None:
    mended = fix_file(FixTask(Task("fuzz.py", source, Settings()), unsafe=True))
    if mended.problem is not None and "internal error" in mended.problem.message:
        raise AssertionError(mended.problem.message)
    if mended.changed and _compiles(source) and not _compiles(mended.after):
        raise AssertionError("the fixed file does not compile")


def _compiles(source: bytes) -> bool:
    """Tell whether Python takes a program; more than the parser has to agree to that."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "fuzz.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _flake8(source: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        text = source.decode()
    except (SyntaxError, ValueError, RecursionError):
        return  # flake8 asks no plugin about these
    told = list(Plugin(tree, io.StringIO(text).readlines(), "fuzz.py").run())
    for finding in told:
        if "internal error" in finding[2]:
            raise AssertionError(finding[2])


def _language_server(source: bytes) -> None:
    text = source.decode("utf-8", "replace")
    try:
        rules = Rules(Settings())
        plan(rules.find(text, "fuzz.py"))
    except (SourceError, FixError):
        return


SHELLS: dict[str, Callable[[bytes], None]] = {
    "check": _check,
    "fix": _fix,
    "flake8": _flake8,
    "language server": _language_server,
}


def fuzz(programs: Iterator[bytes], name: str, kept: Path) -> Iterator[Row]:
    """Put programs through all shells; those with a fault are kept."""
    faults = {f"{shell}: {what}" for shell in SHELLS for what in ("fault", f"over {SECONDS} s")}
    counts = dict.fromkeys(sorted(faults), 0)
    trials = 0
    longest = 0.0
    for trials, source in enumerate(programs, 1):
        for shell, run in SHELLS.items():
            start = time.monotonic()
            try:
                signal.alarm(6 * SECONDS)
                run(source)
            except Exception:
                counts[f"{shell}: fault"] += 1
                (kept / f"{name.replace(' ', '-')}-{trials}-{shell.replace(' ', '-')}.py").write_bytes(source)
                traceback.print_exc(limit=-3)
            finally:
                signal.alarm(0)
            seconds = time.monotonic() - start
            longest = max(longest, seconds)
            counts[f"{shell}: over {SECONDS} s"] += seconds > SECONDS
    seen = {fault: count for fault, count in counts.items() if count} or {"any": 0}
    yield Row(f"{name} (longest {longest:.1f} s)", trials, seen)
