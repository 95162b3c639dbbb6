"""The dependency that a fix adds: declared where a project declares what it needs.

    plan = declare({path: new_bytes, ...}, Needed("unchunk", "0.1.0"))

Needs the packages of the `fix` extra. Nothing here writes: the plan's edits go into the transaction of the fix.
"""

from unchunk.project.dependencies.declare import declare
from unchunk.project.dependencies.plan import DependencyPlan, Edit, Note, Refusal
from unchunk.project.dependencies.requirement import Needed
from unchunk.project.module_names import imports

__all__ = ["DependencyPlan", "Edit", "Needed", "Note", "Refusal", "declare", "imports"]
