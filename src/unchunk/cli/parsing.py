"""Parsing of the command line, by a command's table of options.

The usual spellings are read by the few lines here: importing argparse and filling it costs more than all the rest of a
run that finds nothing. argparse reads the others (`-j4`, `-qn`, `--`) from the same table, writes the help and tells
what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from typing import Any


class Option:
    """An option, or (without a leading dash) the positional arguments.

    Args:
        names: `--long`, `-s`, or the name of the positional arguments.
        help: a line for `--help`.
        metavar: what stands for the value; None for a flag.
        many: whether it may be given several times, so that its value is a list.
        default: its value where it is not given.
        choices: the values that are allowed.
        type: makes the value of the text, or raises ValueError with words for the user.
    """

    def __init__(
        self,
        *names: str,
        help: str,
        metavar: str | None = None,
        many: bool = False,
        default: Any = None,
        choices: Sequence[str] | None = None,
        type: Callable[[str], Any] | None = None,
    ) -> None:
        self.names = names
        self.help = help
        self.metavar = metavar
        self.many = many
        self.default = default
        self.choices = choices
        self.type = type

    @property
    def key(self) -> str:
        """Return the name of its attribute."""
        longest = max(self.names, key=len)
        return longest.lstrip("-").replace("-", "_")

    @property
    def is_flag(self) -> bool:
        """Decide whether it takes no value."""
        return self.metavar is None and self.choices is None

    @property
    def is_positional(self) -> bool:
        """Decide whether it stands for positional arguments."""
        return not self.names[0].startswith("-")


class Group:
    """Options under a heading of `--help`."""

    def __init__(self, title: str, *options: Option) -> None:
        self.title = title
        self.options = options


class Options:
    """The parsed values, one attribute an option."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class Rejected(Exception):
    """The command line is not one of the usual spellings; argparse reads it, or says what is wrong."""


def parse(groups: Sequence[Group], arguments: Sequence[str]) -> Options:
    """Parse the usual spellings of a command line.

    Raises:
        Rejected: it asks for help, is wrong, or is spelled in a way that only argparse reads.
    """
    options = [option for group in groups for option in group.options]
    by_name = {name: option for option in options for name in option.names}
    values = {option.key: _default(option) for option in options}
    positional = next((option.key for option in options if option.is_positional), None)
    words = iter(arguments)
    for word in words:
        if word == "-" or not word.startswith("-"):
            if positional is None:
                raise Rejected(word)
            values[positional].append(word)
            continue
        name, equals, text = word.partition("=")
        option = by_name.get(name)
        if option is None or option.is_positional or (option.is_flag and equals):
            raise Rejected(word)
        if option.is_flag:
            values[option.key] = True
            continue
        value = _value(option, text if equals else next(words, None))
        if option.many:
            values[option.key].append(value)
        else:
            values[option.key] = value
    return Options(**values)


def _default(option: Option) -> Any:
    if option.many or option.is_positional:
        return []
    return False if option.is_flag else option.default


def _value(option: Option, text: str | None) -> Any:
    if text is None or (text.startswith("-") and len(text) > 1):
        raise Rejected(text)
    if option.choices is not None and text not in option.choices:
        raise Rejected(text)
    if option.type is None:
        return text
    try:
        return option.type(text)
    except ValueError as error:
        raise Rejected(text) from error


def argparser(name: str, summary: str, epilog: str, groups: Sequence[Group]) -> argparse.ArgumentParser:
    """Return the same table as an argparse parser, for help, error messages, and shell completion."""
    import argparse

    parser = argparse.ArgumentParser(
        prog=f"unchunk {name}",
        usage=f"unchunk {name} [OPTIONS] [{_positional(groups)}...]",
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for group in groups:
        section = parser.add_argument_group(group.title)
        for option in group.options:
            _add(section, option)
    return parser


def _positional(groups: Sequence[Group]) -> str:
    found = (option.metavar for group in groups for option in group.options if option.is_positional)
    return next(found, None) or ""


def _typed(type_: Callable[[str], Any]) -> Callable[[str], Any]:
    """Wrap a type so that argparse keeps the words of its errors."""
    import argparse

    def typed(text: str) -> Any:
        try:
            return type_(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return typed


def _add(section: argparse._ArgumentGroup, option: Option) -> None:
    if option.is_positional:
        section.add_argument(option.names[0], nargs="*", metavar=option.metavar, help=option.help)
    elif option.is_flag:
        section.add_argument(*option.names, action="store_true", help=option.help)
    else:
        section.add_argument(
            *option.names,
            action="append" if option.many else "store",
            metavar=option.metavar,
            default=_default(option),
            choices=option.choices,
            type=_typed(option.type or str),
            help=option.help,
        )
