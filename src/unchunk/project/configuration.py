"""The content of `[tool.unchunk]` in pyproject.toml, or of unchunk.toml."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from unchunk import __version__
from unchunk.analysis.os_errors import reason_of
from unchunk.analysis.settings import Settings
from unchunk.project import toml
from unchunk.project.config_files import SHARED_FILE, ConfigurationError
from unchunk.project.patterns import Patterns
from unchunk.project.reading import MAX_SETTINGS_SIZE, read_whole
from unchunk.project.schema import SCHEMA, Fault, faults
from unchunk.project.selection import parse_codes

MAX_EXTENDED = 20
"""Files that extend one another."""

PerFileIgnores = tuple[tuple[Patterns, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file, read and validated.

    Attributes:
        path: the file.
        settings: what the engine is to know besides its catalog.
        select: the rules to report; None for those that are on by default.
        extend_select, ignore: rules on top of them, and without them.
        per_file_ignores: rules not to report in files that match.
        exclude: what not to look at.
        respect_gitignore: whether to skip what git ignores.
        baseline: the baseline file, or None.
        unsafe_fixes, dependency: what `fix` may do.
        vendor: the module that a copy of the helper is kept in, or None.
        cache_dir: the folder for what is kept between runs; None for the usual one.
        extends: the files that it goes on from, nearest first.
        said: all that the file says, and for which folder: where two have the same, they mean the same.
    """

    path: str
    settings: Settings
    exclude: Patterns
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: PerFileIgnores = ()
    respect_gitignore: bool = True
    baseline: str | None = None
    unsafe_fixes: bool = False
    dependency: bool = True
    vendor: str | None = None
    cache_dir: str | None = None
    extends: tuple[str, ...] = ()
    said: str = ""


def load(path: str) -> Configuration:
    """Read a configuration file, and those that it extends.

    Raises:
        ConfigurationError: one of them cannot be read, is no TOML, says what the schema does not know, or asks for
            another version of unchunk.
    """
    return _load(path, ())


def _load(path: str, extending: tuple[str, ...]) -> Configuration:
    text = _read(path)
    try:
        return _loaded(path, text, extending)
    except RecursionError as error:
        raise ConfigurationError(path, "the configuration cannot be read: it is nested too deeply") from error


def _loaded(path: str, text: bytes, extending: tuple[str, ...]) -> Configuration:
    table = _table(path, text)
    _check_version(path, table, text)
    wrong = list(faults(table, SCHEMA))
    if wrong:
        raise ConfigurationError(path, "; ".join(map(str, wrong)), _line_of(wrong[0].keys, text))
    unknown = _unknown_codes(table)
    if unknown is not None:
        raise ConfigurationError(path, f"{'.'.join(unknown.keys)}: {unknown.text}", _line_of(unknown.keys, text))
    if _leads_out(path, table.get("cache-dir", "")):
        reason = "cache-dir: must be below the folder of this file; --cache-dir and UNCHUNK_CACHE_DIR may be anywhere"
        raise ConfigurationError(path, reason, _line_of(("cache-dir",), text))
    return _configuration(path, table, _extended(path, table, text, extending))


def _check_version(path: str, table: dict[str, Any], text: bytes) -> None:
    """Stop where this is not the version that is asked for; before all else, since other versions know other keys."""
    required = table.get("required-version")
    if not isinstance(required, str):
        return  # the schema says what is wrong with it
    line = _line_of(("required-version",), text)
    try:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet
    except ModuleNotFoundError as missing:
        reason = "required-version: to compare versions, install the package packaging: pip install packaging"
        raise ConfigurationError(path, reason, line) from missing
    try:
        versions = SpecifierSet(f"=={required}" if required[:1].isdigit() else required)
    except InvalidSpecifier:
        reason = f"required-version: {required!r} is no version, nor a range of them such as '>=0.1,<1'"
        raise ConfigurationError(path, reason, line) from None
    if not versions.contains(__version__, prereleases=True):
        raise ConfigurationError(path, f"required-version: this is unchunk {__version__}, not {required}", line)


def _extended(path: str, table: dict[str, Any], text: bytes, extending: tuple[str, ...]) -> Configuration | None:
    """Read the configuration that another one goes on from; None where it names none.

    Raises:
        ConfigurationError: the file cannot be read, or extends itself in the end.
    """
    if "extend" not in table:
        return None
    line = _line_of(("extend",), text)
    extended = os.path.normpath(os.path.join(os.path.dirname(path), os.path.expanduser(table["extend"])))
    chain = (*extending, os.path.realpath(path))
    if os.path.realpath(extended) in chain:
        raise ConfigurationError(path, f"extend: {table['extend']} extends this file in turn", line)
    if len(chain) > MAX_EXTENDED:
        raise ConfigurationError(path, f"extend: more than {MAX_EXTENDED} files extend each other", line)
    if not os.path.lexists(extended):
        raise ConfigurationError(path, f"extend: {table['extend']} does not exist", line)
    return _load(extended, chain)


def _leads_out(path: str, folder: str) -> bool:
    """Decide whether a folder to be written to is outside the configuration's: anybody may have written that."""
    root = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    return not os.path.join(os.path.realpath(os.path.join(root, folder)), "").startswith(os.path.join(root, ""))


def _unknown_codes(table: dict[str, Any]) -> Fault | None:
    """Return the first word that is neither a prefix of a code nor a rule's name; names are replaced by codes."""
    lists: list[tuple[tuple[str, ...], dict[str, Any], str]] = []
    lists += [((key,), table, key) for key in ("select", "extend-select", "ignore") if table.get(key)]
    per_file = table.get("per-file-ignores", {})
    lists += [(("per-file-ignores", pattern), per_file, pattern) for pattern, codes in per_file.items() if codes]
    if not lists:
        return None
    from unchunk.analysis.rules import rule_names

    known = rule_names()
    for keys, owner, key in lists:
        try:
            owner[key] = list(parse_codes(owner[key], known))
        except ValueError as error:
            return Fault(keys, str(error))
    return None


def _read(path: str) -> bytes:
    try:
        return read_whole(path, MAX_SETTINGS_SIZE)
    except OSError as error:
        raise ConfigurationError(path, f"the configuration cannot be read: {reason_of(error)}") from error


def _table(path: str, text: bytes) -> dict[str, Any]:
    """Return our table: the whole of our own file, one of many in pyproject.toml."""
    try:
        document = toml.parse(text)
    except (ValueError, RuntimeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigurationError(
            path, f"the configuration cannot be read: {error}", int(line[1]) if line else None
        ) from error
    if os.path.basename(path) != SHARED_FILE:
        return document
    tool = document.get("tool", {})
    table = tool.get("unchunk", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError(path, "tool.unchunk must be a table")
    return table


def _configuration(path: str, table: dict[str, Any], base: Configuration | None) -> Configuration:
    """Return what a table says, and what the configuration says that it extends where the table has no such key."""
    root = os.path.dirname(os.path.abspath(path))
    base = base or Configuration(path, Settings(), Patterns((), root))
    baseline, vendor = table.get("baseline"), table.get("vendor", base.vendor)
    return Configuration(
        path=path,
        settings=_settings(table, base.settings),
        exclude=Patterns(table["exclude"], root) if "exclude" in table else base.exclude,
        select=tuple(table["select"]) if "select" in table else base.select,
        extend_select=(*base.extend_select, *table.get("extend-select", ())),
        ignore=tuple(table.get("ignore", base.ignore)),
        per_file_ignores=tuple((Patterns([pattern], root), tuple(codes)) for pattern, codes in ignores.items())
        if (ignores := table.get("per-file-ignores")) is not None
        else base.per_file_ignores,
        respect_gitignore=table.get("respect-gitignore", base.respect_gitignore),
        baseline=os.path.join(root, baseline) if baseline else base.baseline,
        unsafe_fixes=table.get("unsafe-fixes", base.unsafe_fixes),
        dependency=table.get("dependency", base.dependency and "vendor" not in table),
        vendor=vendor,
        # Whoever wrote a file elsewhere does not say where this project's files are written.
        cache_dir=os.path.join(root, table["cache-dir"]) if "cache-dir" in table else None,
        extends=(base.path, *base.extends) if base.path != path else (),
        said=repr([root, table, base.said]),
    )


def _settings(table: dict[str, Any], base: Settings) -> Settings:
    return Settings(
        sources=tuple(table["sources"].items()) if "sources" in table else base.sources,
        parsers=tuple(table.get("parsers", base.parsers)),
        safe=tuple(table.get("safe-functions", base.safe)),
    )


def combined(known: Settings | None, table: dict[str, Any]) -> Settings:
    """Return the known settings with a table in the configuration's form applied on top.

    Raises:
        ValueError: the table says what the schema does not know.
    """
    wrong = list(faults(table, SCHEMA))
    if wrong:
        raise ValueError("; ".join(map(str, wrong)))
    more = _settings(table, Settings())
    if known is None:
        return more
    return Settings(
        sources=known.sources + more.sources, parsers=known.parsers + more.parsers, safe=known.safe + more.safe
    )


def _line_of(keys: tuple[str, ...], text: bytes) -> int | None:
    """Return the line of a key, found by its last part; None where that is unknown."""
    if not keys:
        return None
    key = re.escape(keys[-1].encode())
    found = re.search(rb"""^[ \t]*(?:\[[^\n]*\b%s["']?\s*\]|["']?%s["']?\s*[.=])""" % (key, key), text, re.MULTILINE)
    return None if found is None else text.count(b"\n", 0, found.start()) + 1
