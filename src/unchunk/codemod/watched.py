"""The names of a loop whose values may be observed by something besides its body."""

from __future__ import annotations

import ast

from unchunk.codemod.reaching_definitions import read_by_text, reads_elsewhere, reads_inside, surely_bound_before
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.syntax import Function, bound, loads, names_given_away, walk


def watched(case: RewriteSite) -> frozenset[str]:
    """Return the names bound in a loop that another iteration, code behind the loop, or an inner function reads."""
    tree, producer = case.tree, case.site.producer
    if isinstance(producer, (ast.comprehension, Function)) or case.is_next:
        return frozenset()  # its names are its own, or there is one round only
    names = bound(list(case.body())) | case.bound_names
    scope = tree.scope(producer)
    if read_by_text(scope, names) is not None:
        return frozenset(names)
    kept = (
        load
        for load in reads_inside(tree, scope, names, producer)
        if not surely_bound_before(tree, load, producer, case.bound_names)
    )
    functions = (node for node in walk(list(case.body())) if isinstance(node, (Function, ast.Lambda)))
    behind = loads(getattr(producer, "orelse", ()), names)
    captured = (load for function in functions for load in loads(function, names))
    outer = names & names_given_away(scope)[0]
    return frozenset(load.id for load in (*reads_elsewhere(tree, names, producer), *behind, *kept, *captured)) | outer
