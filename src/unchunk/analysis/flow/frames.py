"""Where the interpreter stands: in which function, called how, in which loops and `try` blocks."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .conditions import stamped
from .places import place_of, root_of
from .state import Changes, State, Way
from .values import UNKNOWN, Function, Loop, OwnClass, Value, carry_all, join

if TYPE_CHECKING:
    from .modules import Module
    from .run import Run

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

DEEPEST = 80
"""How many expressions and statements may nest (calls of the program's own functions included) before we stop
looking.
"""


@dataclass(slots=True)
class LoopFrame:
    """A loop being executed: the state it started from, and the ways that left its body early."""

    loop: Loop
    base: State
    breaks: list[Way] = field(default_factory=list)
    continues: list[Way] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Guard:
    """A `try` around what is being executed, whose handlers take what a parser raises.

    Attributes:
        swallows: the handler drops the data: it passes, goes on, or logs.
        silent: it does nothing that anyone could see.
    """

    node: ast.Try
    swallows: bool
    silent: bool


@dataclass(slots=True, eq=False)
class Frame:
    """One execution of one function (or of a module's body).

    Attributes:
        context: the calls that led here; empty for a function looked at by itself.
        callers: the modules in which those calls stand.
        caller_loop: the loop of the caller in which the call stands.
        again: the function is called whenever something can be read, or by one that is.
        unused: the call, if any, whose result goes nowhere.
        everything: every value that every name was given, for functions defined inside that run later.
        outside: the names of the functions around that this one gives other values, or changes.
        borrowed: its names for collections that others have as well.
    """

    run: Run
    module: Module
    node: FunctionNode | ast.Module | ast.ClassDef
    context: tuple[ast.AST, ...]
    callers: tuple[Module, ...] = ()
    closure: Closure | None = None
    owner: OwnClass | None = None
    self_name: str | None = None
    caller_loop: Loop | None = None
    state: State = field(default_factory=State)
    loops: list[LoopFrame] = field(default_factory=list)
    guards: tuple[Guard, ...] = ()
    raising: list[Changes] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    everything: Changes = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    global_names: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    borrowed: set[str] = field(default_factory=set)
    rooted: set[str] = field(default_factory=set)
    inner: dict[ast.AST, Function] = field(default_factory=dict)
    depth: int = 0
    again: bool = False
    unused: ast.Call | None = None
    done: bool = False

    @property
    def loop(self) -> Loop | None:
        """The loop around, the caller's where there is none: what rests on it rests on who calls."""
        self.run.looked_around += not self.loops
        return self.innermost_loop

    @property
    def innermost_loop(self) -> Loop | None:
        """The same, where it is only handed on."""
        return self.loops[-1].loop if self.loops else self.caller_loop

    def find(self, name: str) -> Value:
        """What a name means here."""
        if name in self.global_names:
            return self.module.value_of(name)
        value = self.state.find(name)
        if value is not None and isinstance(self.node, ast.Module):
            value = self.module.with_changes(name, value)
        if self.closure is not None and (value is None or name in self.outside):
            value = _either(value, self.closure.find(name))
        return self.module.value_of(name) if value is None else value

    def forget(self) -> None:
        """Let go of all values."""
        self.state = State()
        for values in (self.returns, self.yields, self.inner, self.everything):
            values.clear()

    def assign(self, name: str, value: Value) -> None:
        """Give a plain name another value."""
        if name in self.global_names:
            self.module.write(name, value)
            return
        if name in self.outside and self.closure is not None:
            self.closure.write(name, value)
        if name in self.rooted:
            self.state.kill_below(name)
        self.note(name, value)

    def is_outside(self, place: str) -> bool:
        """Whether a place belongs to something that others have as well: a parameter, or a name from outside."""
        root = root_of(place)
        own = root not in self.parameters and root not in self.outside and root not in self.borrowed
        return not own or self.state.find(root) is None

    def may_have_put(self, owner: ast.expr, key: object) -> bool:
        """Whether an earlier call may have put something under a key: it is changed in place in this file, and the
        collection is not this function's own. Keys that vary are all one.
        """
        if (key if isinstance(key, str) else "") not in self.module.syntax.changed_keys:
            return False
        place = place_of(owner)
        return place is not None and self.is_outside(place)

    def change_outside(self, name: str, value: Value) -> bool:
        """What was changed in place may belong to a function around, or to the module: others see it from now on, and
        a loop carries it over like what is its own. False if it is the function's own.
        """
        if self.closure is None or (name not in self.outside and self.state.find(name) is not None):
            return False
        if name in self.outside or self.closure.find(name) is not None:
            self.outside.add(name)
            self.assign(name, value)
            return True
        if name in self.module.bindings:
            self.module.write(name, value)
            return True
        return False

    def note(self, key: str, value: Value) -> None:
        """Set a name or a place reached through one, and remember it for handlers and for inner functions."""
        self.state.set(key, value)
        # An exception may come between any two statements: a handler sees every value that the body ever bound, joined.
        for changes in self.raising:
            known = changes.get(key)
            changes[key] = value if known is None else join(known, value)
        if key.isidentifier():
            known = self.everything.get(key)
            self.everything[key] = value if known is None else join(known, value)


@dataclass(slots=True, eq=False)
class Closure:
    """The function (or module) around a function: where its free names are looked up."""

    frame: Frame

    def __post_init__(self) -> None:
        self.frame.run.enclosing.add(self.frame)

    def find(self, name: str) -> Value | None:
        frame = self.frame
        # While the outer function runs, its present values hold; once it has returned, the inner one may have been made
        # after any of its assignments, and is called again and again.
        value = _now(name, frame) if not frame.done else later(frame.everything.get(name))
        if value is None and frame.closure is not None:
            return frame.closure.find(name)
        return value

    def write(self, name: str, value: Value) -> None:
        frame = self.frame
        frame.run.note_kept(value)
        elsewhere = name in frame.outside or name not in frame.everything
        if elsewhere and frame.closure is not None and frame.closure.find(name) is not None:
            frame.closure.write(name, value)
            if name not in frame.outside:
                return
        frame.note(name, join(frame.state.find(name) or UNKNOWN, value))


def _now(name: str, frame: Frame) -> Value | None:
    """What a name of a function holds while an inner one runs, with what tests have made sure of."""
    value = frame.state.find(name)
    return None if value is None else stamped(value, frame)


def _either(first: Value | None, second: Value | None) -> Value | None:
    return second if first is None else first if second is None else join(first, second)


def later(value: Value | None) -> Value | None:
    """A value as seen by code that runs some time later, over and over: whatever is in it was carried over."""
    return None if value is None else carry_all(value)
