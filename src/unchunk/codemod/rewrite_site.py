"""Rewrite sites: a loop, read or callback, with all findings whose data it yields."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from unchunk.analysis.findings import Finding, Site
from unchunk.codemod.constants import Constant
from unchunk.codemod.symbolic.runner import SymbolicRunner
from unchunk.codemod.syntax import (
    Function,
    Tree,
    attributes_below,
    first_free,
    is_docstring,
    loads,
    names_below,
    target_names,
    used_names,
    walk,
)

_PARSERS = {"json", "orjson", "rapidjson", "simplejson", "ujson"}


@dataclass(frozen=True, slots=True)
class RewriteSite:
    """Findings of one file that share a producer, with the questions that strategies ask about them."""

    tree: Tree
    findings: tuple[Finding, ...]
    steps: frozenset[ast.AST] = frozenset()
    """All places at which the file takes steps, those of other producers included."""
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """Memoized answers about the case."""

    @property
    def site(self) -> Site:
        site = self.findings[0].site
        assert site is not None
        return site

    @property
    def sites(self) -> list[Site]:
        return [finding.site for finding in self.findings if finding.site is not None]

    @property
    def code(self) -> str:
        return self.findings[0].code

    @property
    def loop(self) -> ast.For | ast.AsyncFor | None:
        """Return the loop that yields the steps, if there is one."""
        producer = self.site.producer
        return producer if isinstance(producer, (ast.For, ast.AsyncFor)) else None

    @property
    def is_async(self) -> bool:
        match self.site.producer:
            case ast.AsyncFor():
                return True
            case ast.comprehension(is_async=is_async):
                return bool(is_async)
        match self.site.step:
            case ast.Call(func=ast.Name(id="anext")):
                return True
        return False

    @property
    def read(self) -> ast.expr:
        """Return the read call with its `await` and its timeout: `await asyncio.wait_for(reader.read(n), 5)`.

        Where the loop calls a function for it, that does nothing else, the call of that function.
        """
        step = self.site.step
        assert isinstance(step, ast.expr)
        read = self._timed(step)
        looped = isinstance(self.site.producer, ast.While)
        return (_call_that_reads(self.tree, read, self.site.producer) if looped else None) or read

    def _timed(self, step: ast.expr) -> ast.expr:
        match self.tree.parent(step):
            case ast.Await() as awaited:
                return awaited
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) as timed if (
                first is step and name == "wait_for" and isinstance(self.tree.parent(timed), ast.Await)
            ):
                return self.tree.parent(timed)  # type: ignore[return-value]
        return step

    @property
    def target(self) -> ast.expr | ast.arg | None:
        """Return the target of the piece itself, also where a counter or a flag comes with it."""
        producer, target = self.site.producer, self.site.target
        if isinstance(producer, (ast.For, ast.AsyncFor, ast.comprehension)) and isinstance(target, ast.Tuple):
            index = piece_index(producer.iter, self)
            return None if index is None else target.elts[index]
        return target

    @property
    def name(self) -> str | None:
        """Return the single name that a step is bound to, if it is one."""
        match self.target:
            case ast.Name(id=name) | ast.arg(arg=name):
                return name
        return None

    @property
    def is_next(self) -> bool:
        """Decide whether a step is taken from an iterator by itself: `next(chunks)`."""
        match self.site.step:
            case ast.Call(func=ast.Name(id="next" | "anext")):
                return True
        return False

    @property
    def bound_names(self) -> set[str]:
        """Return the names of a step, also where a read is decoded before it gets one."""
        if self.target is not None or not isinstance(self.site.producer, ast.While):
            return target_names(self.target)
        match self.tree.statement(self.site.step):
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not self.tree.inside(self.site.parse, value):
                return {name}
        return set()

    @property
    def counts(self) -> bool:
        """Decide whether the program uses what comes with a step, such as its number."""
        producer = self.site.producer
        if not isinstance(producer, (ast.For, ast.AsyncFor, ast.comprehension)):
            return False
        if _is_counted_out(producer.iter):
            return True
        return any(True for _ in loads(self.body(), target_names(producer.target) - self.bound_names))

    @property
    def parses(self) -> dict[ast.expr, ast.expr | None]:
        """Return the parse calls with their arguments, and the alternatives that a function of another file chooses
        from.
        """
        found: dict[ast.expr, ast.expr | None] = {}
        for site in self.sites:
            found.update((call, call.args[0]) for call in _others_like(site))
        return found | {site.parse: site.argument for site in self.sites}

    @property
    def call(self) -> ast.expr:
        """Return the parse call, or the call leading to its file."""
        return self.site.call or self.site.parse

    def parses_in(self, outer: ast.AST) -> bool:
        """Decide whether the parse call itself stands there, not in a function that is called."""
        return self.tree.inside(self.site.parse, outer)

    def body(self) -> Sequence[ast.stmt]:
        """Return the statements that a step goes through, synthesized around bare expressions."""
        match self.site.producer:
            case ast.While(test=test, body=body) if self.tree.inside(self.site.step, test):
                return [ast.Expr(test), *body]
            case ast.For(body=body) | ast.AsyncFor(body=body) | ast.While(body=body):
                return body
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
                return body
            case ast.comprehension() as generator:
                return self._comprehended(generator)
        if self.is_next:
            first = self.tree.statement(self.site.step)
            following = [first, *self.tree.after(first)]
            if any(self.tree.inside(self.call, statement) for statement in following):
                return following
        return [self.tree.statement(self.call)]

    def ways(self) -> list[ast.AST]:
        """Return the nodes that data passes through on its way to the parsers, other than the loop's body."""
        known: set[ast.AST] = set(self.body())
        ways: list[ast.AST] = []
        for node in dict.fromkeys(node for site in self.sites for node in site.path):
            if known.isdisjoint((node, *self.tree.above(node))):
                known.add(node)
                ways.append(node)
        return ways

    def _comprehended(self, generator: ast.comprehension) -> list[ast.stmt]:
        owner = self.tree.parent(generator)
        match owner:
            case ast.DictComp(key=key, value=value):
                results = [key, value]
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                results = [elt]
            case _:
                return []
        collect = ast.Name("<collection>", ast.Load())
        inner: list[ast.stmt] = [ast.Expr(ast.Call(collect, [result], [])) for result in results]
        tests = list(generator.ifs)
        for deeper in owner.generators[owner.generators.index(generator) + 1 :][::-1]:
            inner = [ast.For(deeper.target, deeper.iter, _under(deeper.ifs, inner), [])]
        return _under(tests, inner)

    def probe(self, body: Sequence[ast.stmt] | None = None) -> SymbolicRunner:
        """Return a symbolic runner for the producer's pieces, or for a part of the code they go through."""
        step = self.read if isinstance(self.site.step, ast.expr) else None
        step = step.value if isinstance(step, ast.Await) else step
        looped = isinstance(self.site.producer, (ast.For, ast.AsyncFor, ast.comprehension))
        bind = self.target
        if isinstance(self.site.parse, ast.Call) and self.site.argument is None and not isinstance(bind, ast.expr):
            # A parser is handed to something that calls it with each step.
            name = ast.Name("step", ast.Store())
            return SymbolicRunner(
                [ast.Expr(self.site.parse)],
                name,
                {self.site.parse: ast.Name("step", ast.Load())},
            )
        if (mapper := self.mapper()) is not None:
            # `map` calls a function of the program with each step.
            applied = ast.Call(mapper, [ast.Name("step", ast.Load())], [])
            bound = ast.Name("step", ast.Store())
            return SymbolicRunner(
                [ast.Expr(applied)],
                bound,
                self.parses,
                self.functions(),
                constants=self.constants(),
            )
        return SymbolicRunner(
            self.body() if body is None else body,
            bind,
            self.parses,
            self.functions(),
            None if looped else step,
            self._consumer() if looped else None,
            self.constants(),
        )

    def free_name(self, *wishes: str) -> str:
        """Return the first of the names that is free in the producer's scope, and in fixes of loops around it or inside
        it, which may be made together with this one.
        """
        producer, tree = self.site.producer, self.tree
        others = {
            name
            for other, name in tree.given
            if other is not producer and (tree.inside(other, producer) or tree.inside(producer, other))
        }
        scope = producer if isinstance(producer, Function) else tree.scope(producer)
        name = first_free(used_names(scope) | others, *wishes)
        tree.given.append((producer, name))
        return name

    def passes_over(self, piece: str | bytes) -> bool:
        """Decide whether the body ignores a piece, and leaves the condition of the loop alone."""
        probe = self.probe()
        if not probe.ignores(piece):
            return False
        match self.site.producer:
            case ast.While(test=test):
                named = {getattr(place, "id", "") for run in probe.runs(piece) for place in run.assigned}
                return self.tree.inside(self.site.step, test) or not any(loads(test, named))
        return True

    def constants(self) -> tuple[dict[str, Constant], dict[str, Constant]]:
        """Return the constants visible around a step, of the module and of the functions."""
        place = self.site.parse if self.site.call is None else self.site.producer
        return self.tree.constants.seen_from(self.tree.above(place))

    def mapper(self) -> ast.expr | None:
        """Return the function that `map` calls on each step, if it does."""
        match self.tree.parent(self.site.step):
            case ast.Call(func=ast.Name(id="map") | ast.Attribute(attr="map" | "imap"), args=[mapper, stream]):
                return mapper if stream is self.site.step else None
        return None

    def _consumer(self) -> tuple[ast.expr, Sequence[ast.stmt]] | None:
        """Return the loop that consumes what our loop yields, where the parse call is in another function."""
        generator = self.tree.function(self.site.producer)
        if generator is None or self.tree.inside(self.call, generator):
            return None
        for node in self.tree.above(self.call):
            match node:
                case (
                    ast.For(target=target, iter=iterated, body=body)
                    | ast.AsyncFor(target=target, iter=iterated, body=body)
                ):
                    names = {
                        part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "")
                        for part in walk(iterated)
                    }
                    if generator.name in names:
                        return target, body
        return None

    def functions(self) -> Mapping[str, Function | ast.Lambda]:
        """Return the functions that may be run, by name: those nearest to the producer last, so that they win."""
        around = [self.tree.once(_defined_in, node) for node in self.tree.above(self.site.producer)]
        found: dict[str, Function | ast.Lambda] = {}
        for site in self.sites:  # of several methods of a name it is the one that parses
            if (function := self.tree.function(site.parse)) is not None:
                found[function.name] = function
            found.update(site.helpers)
        return ChainMap(found, *filter(None, around), self.tree.once(_defined_in_classes))

    def kinds(self) -> list[type[str] | type[bytes]]:
        """Return the possible types of a step, the likelier first."""
        return [str, bytes] if self.site.text else [bytes, str]


def _others_like(site: Site) -> Iterator[ast.Call]:
    """Yield calls equivalent to the parse call: `orjson.loads(text) if HAS_ORJSON else json.loads(text)`."""
    for _, function in site.helpers:
        nodes = list(walk(function))
        if site.argument is None or site.parse not in nodes:
            continue
        for node in nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="loads"), args=[argument]) if (
                    name in _PARSERS and ast.dump(argument) == ast.dump(site.argument)
                ):
                    yield node


def _call_that_reads(tree: Tree, read: ast.expr, loop: ast.AST) -> ast.expr | None:
    """Return the only call in a loop of a function that does nothing but return a read."""
    function = tree.function(read)
    if function is None or tree.inside(read, loop):
        return None
    match [statement for statement in function.body if not is_docstring(statement)]:
        case [ast.Return(value=value)] if value is read and not function.decorator_list:
            pass
        case _:
            return None
    is_method = isinstance(tree.parent(function), ast.ClassDef)
    known = attributes_below(tree.module) if is_method else names_below(tree.scope(function))
    named = known.get(function.name, [])
    call = tree.parent(named[0]) if len(named) == 1 else None
    if not isinstance(call, ast.Call) or call.func is not named[0] or not tree.inside(call, loop):
        return None
    statement = tree.statement(call)
    above = takewhile(lambda node: node is not statement, tree.above(call))
    awaited = [node for node in above if isinstance(node, ast.Await)]
    if not isinstance(function, ast.AsyncFunctionDef):
        return None if awaited else call
    return awaited[0] if awaited and awaited[0].value is call else None


def _is_counted_out(iterated: ast.expr) -> bool:
    """Decide whether a loop ends after a number of pieces: `islice(stream, 3)`, `zip(range(3), stream)`."""
    names = {"islice", "takewhile", "zip"}
    return isinstance(iterated, ast.Call) and any(
        isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names
        for node in walk(iterated)
    )


def piece_index(iterated: ast.expr, case: RewriteSite) -> int | None:
    """Return the index of the piece in a target's tuple: behind the counter of `enumerate`, at the stream's place in
    `zip`.
    """
    match iterated:
        case ast.Call(func=ast.Name(id="enumerate") | ast.Attribute(attr="enumerate" | "aenumerate")):
            return 1
        case ast.Call(func=ast.Name(id="zip"), args=arguments):
            streams = [number for number, item in enumerate(arguments) if _is_stream(item, case)]
            return streams[0] if len(streams) == 1 else None
    return 0


def _defined_in(tree: Tree, owner: ast.AST) -> dict[str, Function | ast.Lambda]:
    """Return the functions that a body defines, by name."""
    found: dict[str, Function | ast.Lambda] = {}
    body = getattr(owner, "body", None)
    others = _overridden(tree, owner) if isinstance(owner, ast.ClassDef) else set()
    for node in body if isinstance(body, list) else []:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if name not in others and not (isinstance(owner, ast.ClassDef) and _is_hook(node)):
                    found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                found[name] = value
    return found


def _overridden(tree: Tree, class_: ast.ClassDef) -> set[str]:
    """Return the methods that classes derived from a class have of their own."""
    found: set[str] = set()
    waiting, seen = [class_], {class_}
    while waiting:
        for heir in tree.heirs.get(waiting.pop(), ()):
            if heir not in seen:
                seen.add(heir)
                waiting.append(heir)
                found |= {node.name for node in heir.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return found


def _is_hook(method: ast.AST) -> bool:
    """Decide whether a method does nothing: classes of other files are there to do something in its place."""
    for statement in getattr(method, "body", ()):
        match statement:
            case ast.Pass() | ast.Raise() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Return(value=None | ast.Constant(value=None)):
                pass
            case _:
                return False
    return True


def _defined_in_classes(tree: Tree) -> dict[str, Function | ast.Lambda]:
    """Return the methods of the module's classes by name; of several classes the last one's."""
    found: dict[str, Function | ast.Lambda] = {}
    for node in tree.module.body:
        if isinstance(node, ast.ClassDef):
            found.update(_defined_in(tree, node))
    return found


def _is_stream(node: ast.expr, case: RewriteSite) -> bool:
    """Decide whether an expression contains the source of the stream, or is a name bound to it."""
    source = case.site.source
    if source is None or case.tree.inside(source, node):
        return source is not None
    if not isinstance(node, ast.Name):
        return False
    made = case.tree.statement(source)
    return isinstance(made, ast.stmt) and any(
        isinstance(part, ast.Name) and part.id == node.id and isinstance(part.ctx, ast.Store) for part in walk(made)
    )


def _under(tests: Sequence[ast.expr], body: list[ast.stmt]) -> list[ast.stmt]:
    for test in reversed(tests):
        body = [ast.If(test, body, [])]
    return body
