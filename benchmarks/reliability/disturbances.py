"""Killing, interrupting, racing and starving `fix`."""

from __future__ import annotations

import errno
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from unchunk.codemod import atomic_write as writing
from unchunk.codemod.staging import PREFIX

from .projects import BUG, Command, Project
from .table import Row


def _aimed(project: Project, command: Command, seconds: float, dice: random.Random) -> None:
    """Wait for a moment: in half of the trials any, else one while files are being written."""
    if dice.random() < 0.5:
        time.sleep(dice.uniform(0, seconds))
        return
    deadline = time.monotonic() + 2 * seconds + 5
    while time.monotonic() < deadline:
        if any(name.startswith(PREFIX) for name in os.listdir(project.root)):
            time.sleep(dice.uniform(0, 0.02))
            return
        if command.has_ended:
            return
        time.sleep(0.0005)


def _seconds(project: Project) -> float:
    project.reset()
    start = time.monotonic()
    Command(project.root, "fix", "--jobs=2").wait()
    return time.monotonic() - start


def kills(project: Project, name: str, trials: int, dice: random.Random) -> Iterator[Row]:
    """End the command by a signal, and run it again."""
    seconds = _seconds(project)
    faults = dict.fromkeys(
        ["torn", "half after a second run", "left after a second run", "seen by git", "orphans", "not ended"], 0
    )
    at_work = 0
    for _ in range(trials):
        project.reset()
        command = Command(project.root, "fix", "--jobs=2")
        _aimed(project, command, seconds, dice)
        command.send(getattr(signal, name))
        status = command.wait()
        faults["not ended"] += status is None
        faults["orphans"] += not command.is_group_gone()
        at_work += status == -getattr(signal, name)
        faults["torn"] += "torn" in project.states()
        faults["seen by git"] += project.seen_by_git()
        Command(project.root, "fix", "--jobs=1").wait()
        faults["half after a second run"] += project.is_half() or project.states() != {"new"}
        faults["left after a second run"] += bool(project.leftovers())
    yield Row(f"{name} ({at_work} while at work)", trials, faults)


def interrupts(project: Project, trials: int, dice: random.Random) -> Iterator[Row]:
    """Press Ctrl-C, as a terminal sends it: to all processes of the command."""
    seconds = _seconds(project)
    faults = dict.fromkeys(["written after it", "mixed", "left", "traceback", "orphans", "not ended"], 0)
    at_work = 0
    for _ in range(trials):
        project.reset()
        command = Command(project.root, "fix", "--jobs=2")
        _aimed(project, command, seconds, dice)
        try:
            os.killpg(command.pid, signal.SIGINT)
        except ProcessLookupError:
            command.send(signal.SIGINT)
        states = project.states()
        status = command.wait()
        faults["not ended"] += status is None
        faults["orphans"] += not command.is_group_gone()
        at_work += status in (130, -signal.SIGINT)
        is_late = states == {"old"} != project.states()
        faults["written after it"] += is_late
        if is_late:
            print(f"written after Ctrl-C, status {status}: {command.errors.read_bytes()!r}", file=sys.stderr)
        faults["mixed"] += len(project.states()) > 1
        faults["left"] += bool(project.leftovers())
        faults["traceback"] += _has_traceback(command)
    yield Row(f"Ctrl-C ({at_work} while at work)", trials, faults)


def _has_traceback(command: Command) -> bool:
    told = command.errors.read_bytes()
    if b"Traceback" in told:
        print(told.decode(errors="replace"), file=sys.stderr)
    return b"Traceback" in told


def races(project: Project, trials: int, dice: random.Random) -> Iterator[Row]:
    """Edit a file, in place or by a new one, while files are written."""
    for how in ("in place", "by a new file"):
        faults = {"edit lost": 0, "left": 0}
        for number in range(trials):
            project.reset()
            command = Command(project.root, "fix", "--jobs=1")
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and not command.has_ended:
                if any(name.startswith(PREFIX) for name in os.listdir(project.root)):
                    break
                time.sleep(0.0005)
            time.sleep(dice.uniform(0, 0.015))
            target, edit = dice.choice(project.files()), b"# edit %d\n" % number
            _edit(target, edit, how)
            command.wait()
            faults["edit lost"] += target.read_bytes() != edit
            faults["left"] += bool(project.leftovers())
        yield Row(f"an edit at the last moment, {how}", trials, faults)


def _edit(target: Path, edit: bytes, how: str) -> None:
    if how == "in place":
        target.write_bytes(edit)
        return
    new = target.with_suffix(".edit")
    new.write_bytes(edit)
    os.replace(new, target)


def two_at_once(project: Project, trials: int) -> Iterator[Row]:
    """Fix one project by two commands."""
    faults = {"torn": 0, "half": 0, "left": 0, "not fixed": 0}
    for _ in range(trials):
        project.reset()
        both = [Command(project.root, "fix", "--jobs=1") for _ in range(2)]
        for command in both:
            command.wait()
        faults["torn"] += "torn" in project.states()
        faults["not fixed"] += project.states() != {"new"}
        faults["half"] += project.is_half()
        faults["left"] += bool(project.leftovers())
    yield Row("two at once", trials, faults)


def full_disks(project: Project, trials: int) -> Iterator[Row]:
    """Let the disk be full from the nth step of the writing on."""
    steps = [(os, "fsync"), (os, "mkdir"), (writing, "exchange")]
    faults = {"written": 0, "left": 0, "traceback": 0}
    for number in range(trials):
        module, name = steps[number % len(steps)]
        at = number // len(steps) % (len(project.files()) + 1)
        project.reset()
        command = Command(project.root, "fix", "--jobs=1", before=lambda m=module, n=name, a=at: _fill(m, n, a))
        command.wait()
        # `mkdir` and `exchange` may be asked less often than that: then nothing has happened to the run.
        faults["written"] += project.states() not in ({"old"}, {"new"}) or project.is_half()
        faults["left"] += bool(project.leftovers())
        faults["traceback"] += _has_traceback(command)
    yield Row("a full disk", trials, faults)


def _fill(module: object, name: str, at: int) -> None:
    call, calls = getattr(module, name), iter(range(10**9))

    def full(*arguments: object, **more: object) -> object:
        if next(calls) >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call(*arguments, **more)

    setattr(module, name, full)


def read_only(root: Path, files: int) -> Iterator[Row]:
    """Fix files that cannot be written, in no more than twice the time that writable ones take."""
    seconds: list[float] = []
    for mode in (0o644, 0o444):
        folder = root / f"mode{mode:o}"
        folder.mkdir()
        for number in range(files):
            (folder / f"a{number}.py").write_text(f"# {number}\n{BUG}")
            (folder / f"a{number}.py").chmod(mode)
        start = time.monotonic()
        Command(folder, "fix", "--jobs=1").wait(600)
        seconds.append(time.monotonic() - start)
    faults = {"more than twice the time": int(seconds[1] > 2 * seconds[0] + 2)}
    yield Row(f"{files} read-only files ({seconds[1]:.1f} s, writable {seconds[0]:.1f} s)", 1, faults)
