"""The interpreter's stack frames: the function, its call context, its loops and its `try` blocks."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .access_paths import access_path_of, root_of
from .narrowing import with_facts
from .state import Bindings, Branch, State
from .values import UNKNOWN, Function, Loop, UserClass, Value, join, to_later_iterations

if TYPE_CHECKING:
    from .context import AnalysisContext
    from .modules import Module

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

MAX_DEPTH = 80
"""Maximum nesting of expressions and statements (calls of the program's own functions included) that is analyzed."""


@dataclass(slots=True)
class LoopFrame:
    """A loop being executed: the state it started from, and the branches that left its body early."""

    loop: Loop
    base: State
    breaks: list[Branch] = field(default_factory=list)
    continues: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TryGuard:
    """A `try` around the current statement, whose handlers catch what a parser raises.

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
        caller_loop: the loop of the caller in which the call stands. again: the function is called whenever something
            can be read, or by one that is. unused: the call, if any, whose result goes nowhere.
        everything: every value that every name was given, for functions defined inside that run later.
        outside: the names of the functions around that this one gives other values, or changes. borrowed: its names for
            collections that others have as well.
    """

    run: AnalysisContext
    module: Module
    node: FunctionNode | ast.Module | ast.ClassDef
    context: tuple[ast.AST, ...]
    callers: tuple[Module, ...] = ()
    closure: Closure | None = None
    owner: UserClass | None = None
    self_name: str | None = None
    caller_loop: Loop | None = None
    state: State = field(default_factory=State)
    loops: list[LoopFrame] = field(default_factory=list)
    guards: tuple[TryGuard, ...] = ()
    raising: list[Bindings] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    everything: Bindings = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    global_names: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    aliases: set[str] = field(default_factory=set)
    rooted: set[str] = field(default_factory=set)
    inner: dict[ast.AST, Function] = field(default_factory=dict)
    depth: int = 0
    invoked_repeatedly: bool = False
    discarded_call: ast.Call | None = None
    done: bool = False

    @property
    def loop(self) -> Loop | None:
        """Return the loop around, the caller's where there is none: what rests on it rests on who calls."""
        self.run.looked_around += not self.loops
        return self.innermost_loop

    @property
    def innermost_loop(self) -> Loop | None:
        """Return the same, where it is only handed on."""
        return self.loops[-1].loop if self.loops else self.caller_loop

    def find(self, name: str) -> Value:
        """Look up a name."""
        if name in self.global_names:
            return self.module.value_of(name)
        value = self.state.find(name)
        if value is not None and isinstance(self.node, ast.Module):
            value = self.module.with_changes(name, value)
        if self.closure is not None and (value is None or name in self.outside):
            value = _either(value, self.closure.find(name))
        return self.module.value_of(name) if value is None else value

    def forget(self) -> None:
        """Release all values."""
        self.state = State()
        for values in (self.returns, self.yields, self.inner, self.everything):
            values.clear()

    def assign(self, name: str, value: Value) -> None:
        """Rebind a plain name."""
        if name in self.global_names:
            self.module.write(name, value)
            return
        if name in self.outside and self.closure is not None:
            self.closure.write(name, value)
        if name in self.rooted:
            self.state.kill_below(name)
        self.bind(name, value)

    def is_outside(self, place: str) -> bool:
        """Decide whether a place is shared with others: a parameter, or a name from an outer scope."""
        root = root_of(place)
        own = root not in self.parameters and root not in self.outside and root not in self.aliases
        return not own or self.state.find(root) is None

    def may_hold_stored_value(self, owner: ast.expr, key: object) -> bool:
        """Decide whether an earlier call may have stored something under a key: this file changes that key in place,
        and the collection is not local. Keys that vary are all one.
        """
        if (key if isinstance(key, str) else "") not in self.module.syntax.changed_keys:
            return False
        place = access_path_of(owner)
        return place is not None and self.is_outside(place)

    def write_to_outer_scope(self, name: str, value: Value) -> bool:
        """Write an in-place change to the enclosing function or the module that owns the name. Return False if the name
        is local.
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

    def bind(self, key: str, value: Value) -> None:
        """Bind a name or an access path, and record it for handlers and inner functions."""
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
    """The scope around a function, where its free names are looked up."""

    frame: Frame

    def __post_init__(self) -> None:
        self.frame.run.enclosing.add(self.frame)

    def find(self, name: str) -> Value | None:
        frame = self.frame
        # While the outer function runs, its present values hold; once it has returned, the inner one may have been made
        # after any of its assignments, and is called again and again.
        value = _now(name, frame) if not frame.done else as_seen_later(frame.everything.get(name))
        if value is None and frame.closure is not None:
            return frame.closure.find(name)
        return value

    def write(self, name: str, value: Value) -> None:
        frame = self.frame
        frame.run.record_escape(value)
        elsewhere = name in frame.outside or name not in frame.everything
        if elsewhere and frame.closure is not None and frame.closure.find(name) is not None:
            frame.closure.write(name, value)
            if name not in frame.outside:
                return
        frame.bind(name, join(frame.state.find(name) or UNKNOWN, value))


def _now(name: str, frame: Frame) -> Value | None:
    """Return a local's value as an inner function sees it, with the facts from tests."""
    value = frame.state.find(name)
    return None if value is None else with_facts(value, frame)


def _either(first: Value | None, second: Value | None) -> Value | None:
    return second if first is None else first if second is None else join(first, second)


def as_seen_later(value: Value | None) -> Value | None:
    """Return a value as code sees it that runs later, repeatedly: everything in it is carried over."""
    return None if value is None else to_later_iterations(value)
