"""Configured `sources` without effect: no call in the files of a run matches them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from unchunk.analysis.byte_tokens import TokenIndex
from unchunk.analysis.catalog.user import cannot_match
from unchunk.analysis.prefilter import imported_roots
from unchunk.project.reading import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from unchunk.cli.sieve import Source
    from unchunk.project.configuration import Configuration

_SEPARATOR = re.compile(r"[/\\.]")


def idle_sources(files: Iterable[Source]) -> Iterator[str]:
    """Yield one sentence for each configured source that nothing in the configuration's files matches."""
    ruled: dict[str, tuple[Configuration, list[Source]]] = {}
    for file in files:
        config = file.place.config
        if config is not None and config.settings.sources:
            ruled.setdefault(config.path, (config, []))[1].append(file)
    for config, several in ruled.values():
        for name, why in _idle([name for name, _ in config.settings.sources], several):
            yield f"{config.path}: warning: `{name}` of sources matches nothing: {why}"


def _idle(names: list[str], files: list[Source]) -> Iterator[tuple[str, str]]:
    wanted: dict[str, list[str]] = {}
    for name in names:
        wrong = cannot_match(name)
        if wrong:
            yield name, wrong
        else:
            wanted[name] = _words(name)
    roots = {name.partition(".")[0] for name in wanted if "." in name}
    for file in files:
        if not roots and not any(wanted.values()):
            return
        data, home = _data(file), _SEPARATOR.split(file.path)
        said = TokenIndex(data)
        roots -= {*home, *map(bytes.decode, imported_roots(data))}
        for name, words in wanted.items():
            wanted[name] = [word for word in words if not said.contains(word.encode()) and word not in home]
    for name, words in wanted.items():
        root = name.partition(".")[0]
        if "." in name and root in roots:
            yield name, f"no file imports `{root}`"
        elif words:
            yield name, f"no file says `{words[0]}`"


def _words(name: str) -> list[str]:
    """Return the words that a use of the name must contain; classes may be re-exported by other modules."""
    _, *rest = name.split(".")
    named = next((at for at, word in enumerate(rest[:-1]) if word[:1].isupper()), 0)
    return rest[named:] or [name]


def _data(file: Source) -> bytes:
    if file.data is None:  # nothing has changed since the last run
        try:
            read = read_regular(file.path)
        except OSError:
            read = None
        return b"" if read is None else read[0]
    return file.data
