"""Accepted differences, with their reasons. Whatever else is lost, or comes up, is a bug."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .measure import Difference


@dataclass(frozen=True)
class Exception_:
    """Findings of some programs that may differ behind some transformations (a pattern for their names)."""

    transformations: str
    program: str
    code: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        return (
            difference.program in self.program.split("|")
            and difference.code in self.code.split("|")
            and re.search(self.transformations, difference.transformation) is not None
        )


PARSE_MOVED = "parse calls taken out|the piece handed over|the piece stored"
SOURCE_MOVED = "sources taken out|: the source"
EXCEPTIONS = (
    Exception_(
        "keywords in a dict|keywords collected in a dict",
        "spellings",
        "UNC101",
        "what a thread does is followed if its function and arguments are spelled where it is made, not from a dict",
    ),
    Exception_(
        "unrelated statements",
        "UNC201:invalid:1|false_alarms",
        "UNC201",
        "a statement in a handler is something that it does: the data is not dropped without a word any more",
    ),
    Exception_(
        PARSE_MOVED,
        "sse_line_parse",
        "UNC104",
        "that a stream ends with `[DONE]` is told by the keys that the function of the parse call reads",
    ),
    Exception_(
        f"{PARSE_MOVED}|renamed|coroutines|in a lambda",
        "requests_for_events",
        "UNC104",
        "that a stream ends with `[DONE]` is told by a function of the same name for the other kind of clients",
    ),
    Exception_(
        f"{PARSE_MOVED}|tuple of arguments",
        "fragment_parse",
        "UNC103",
        "what a handler goes on with is told by the argument of the parse call, which is not there any more",
    ),
    Exception_(
        f"{SOURCE_MOVED}|getattr",
        "inheritance",
        "UNC101",
        "a base class is looked at anew for each class derived from it if it says `self.` and the name of what that "
        "class overrides",
    ),
    Exception_(
        ": the source",
        "classes",
        "UNC101|UNC102",
        "that the program has a method of that name itself is looked up in the file of the call",
    ),
    Exception_(
        "a generator around|a class around|: the stream (handed over|stored)",
        "select_loops",
        "UNC101",
        "what a generator hands out is taken for new in every round, also where it goes through a list of sockets",
    ),
    Exception_(
        ": the stream (handed over|stored)|getattr",
        "chunk_parse",
        "UNC101",
        "a `requests` response is known to be gone through piece by piece where its file speaks of `stream`",
    ),
    Exception_(
        SOURCE_MOVED,
        "spellings",
        "UNC101",
        "that `pull` is asked for a stream is known where keywords are forwarded as such, not where their dict is an "
        "argument of one more function",
    ),
    Exception_(
        "the read through (a data class|an object)",
        "spellings",
        "UNC101",
        "what an object holds that is put into a list may be of an earlier round: the list is taken for a buffer",
    ),
    Exception_(
        "the client through (a data class|an object)",
        "chunk_parse",
        "UNC101",
        "that an unknown function made a thing of pieces is not remembered where an object holds it",
    ),
    Exception_(
        "client handed over",
        "pulls",
        "UNC101",
        "that `pull` is asked for a stream is said in the first file only, and a file that says nothing is not read",
    ),
    Exception_(
        "the client through a data class|the client through an object",
        "clients_of_models_and_brokers|unlisted_clients",
        "UNC101|UNC103",
        "classes of clients are not followed through attributes, only what is made of them",
    ),
    Exception_(
        "the client through a dict under a variable key",
        "chunk_parse",
        "UNC101",
        "only the name of `response.raw` tells what it is: what lies under a key that varies has no name",
    ),
    Exception_(
        ": the source",
        "each_line_source:untyped",
        "UNC104",
        "lines of an unknown client are looked into where the file itself speaks of `data:`",
    ),
)


def exception_for(difference: Difference) -> Exception_ | None:
    """Return the exception that covers a difference, if there is one."""
    return next((known for known in EXCEPTIONS if known.covers(difference)), None)
