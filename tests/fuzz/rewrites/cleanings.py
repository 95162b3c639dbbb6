"""Ways from a piece of each framing to a document: `{x}` is the piece, `{q}` a `b` if that is bytes."""

from __future__ import annotations

_DATA = [
    ["{x}[6:]"],
    ["if not {x}.startswith({q}'data: '): continue", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}[6:]"],
    ["{x}[len('data: '):]"],
    ["{x}.removeprefix({q}'data: ')"],
    ["{x}.replace({q}'data: ', {q}'')"],
    ["{x}.split({q}'data: ')[1]"],
    ["{x}.split({q}'data: ', 1)[1]"],
    ["{x}.split({q}': ', 1)[1]"],
    ["{x}.partition({q}': ')[2]"],
    ["{x}.strip()", "{x}[6:]"],
    ["{x}.lstrip({q}'data: ')"],
    ["{x}.strip()", "if not {x}: continue", "{x}.removeprefix({q}'data: ')"],
    ["re.sub({q}'^data: ', {q}'', {x})"],
    ["{x}[{x}.find({q}'{'):]"],
]
_FOUND_DATA = [
    ["if not {x}.startswith({q}'data: '): continue", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}.removeprefix({q}'data: ').strip()"],
]
_LINES_OF_DATA = [
    ["for line in {x}.splitlines():", "if not line.startswith({q}'data:'): continue", "{x}[5:]"],
    ["for line in {x}.split({q}'\\n'):", "if line.startswith({q}'data: '):", "{x}[6:]"],
]
_DONE_BEFORE = [
    "if {q}'[DONE]' in {x}: break",
    "if {x}.strip() == {q}'data: [DONE]': break",
    "if {x} == {q}'data: [DONE]\\n\\n': break",
    "if {x}.startswith({q}'data: [DONE]'): break",
    "if {x}.startswith({q}'data: [DONE]'): continue",
    "if {x}.rstrip().endswith({q}'[DONE]'): print('done'); break",
]
_DONE_BEHIND = [
    "if {x}.strip() == {q}'[DONE]': break",
    "if {x}.strip() == {q}'[DONE]': continue",
    "if {q}'[DONE]' in {x}: break",
    "if {x}.startswith({q}'[DONE]'): print('done'); break",
]


def _with_done(ways: list[list[str]]) -> list[list[str]]:
    """Return each way with each test of the end mark, before the data is cut out or behind it."""
    made = []
    for number, way in enumerate(ways):
        first = 1 if way[0].startswith("for ") else 0
        head = way[:first]
        made.append([*head, *([] if head else [_DONE_BEFORE[number % len(_DONE_BEFORE)]]), *way[first:]])
        made.append([*way, _DONE_BEHIND[number % len(_DONE_BEHIND)]])
    return [way for way in made if way]


def _terminated(mark: str, *, text: str = "") -> list[list[str]]:
    """Return the ways to strip a terminator."""
    mark = text or repr(mark)
    return [
        [f"{{x}}.rstrip({{q}}{mark})"],
        [f"{{x}}.strip({{q}}{mark})"],
        [f"{{x}}.removesuffix({{q}}{mark})"],
        [f"{{x}}[:-len({mark})]"],
        [f"{{x}}.split({{q}}{mark})[0]"],
        [f"{{x}}.replace({{q}}{mark}, {{q}}'')"],
        [f"for line in {{x}}.split({{q}}{mark}):", "if not line: continue"],
        [f"if not {{x}}.endswith({{q}}{mark}): continue", f"{{x}}[:-len({mark})]"],
        [f"{{x}}.partition({{q}}{mark})[0]"],
        [f"{{x}}.replace({{q}}{mark}, {{q}}' ')"],
        [f"if {{x}}.endswith({{q}}{mark}): {{x}} = {{x}}[:-1]"],
    ]


_BLANKS = [[], ["{x}.strip()"], ["{x}.rstrip()"]]
_LINE = [
    *_BLANKS,
    ["{x}.rstrip({q}'\\n')"],
    ["{x}.strip({q}'\\n')"],
    ["{x}[:-1]"],
    ["{x}.removesuffix({q}'\\n')"],
    ["{x}.replace({q}'\\n', {q}'')"],
    ["for line in {x}.splitlines():"],
    ["for line in {x}.split({q}'\\n'):", "if not line.strip(): continue"],
    ["if not {x}.endswith({q}'\\n'): continue"],
    ["{x}.split({q}'\\n')[0]"],
]
_AFTER_COLON = [
    ["{x}.split({q}':', 1)[1]"],
    ["{x}.partition({q}':')[2]"],
    ["{x}[{x}.index({q}':') + 1:]"],
]
_BLANK_TESTS = [
    ["if not {x}.strip(): continue"],
    ["if {x}.isspace(): continue"],
    ["{x}.strip()", "if not {x}: continue"],
    ["if not {x}.strip(): print('heartbeat'); continue"],
    ["if {x} == {q}'\\n': print('heartbeat'); continue"],
    ["if len({x}) > 1:"],
]
_WORD_TESTS = [
    ["if {x}.strip() == {q}'ping': continue"],
    ["if {x}.startswith({q}'ping'): print('pong'); continue"],
    ["if {q}'{' not in {x} and {q}'[' not in {x}: continue"],
]
_OBJECTS_ONLY = [
    ["if not {x}.startswith({q}'{'): continue"],
    ["if {x}.startswith({q}'{'):"],
    ["{x}.strip()", "if not ({x}.startswith({q}'{') and {x}.endswith({q}'}')): continue"],
    ["if {x}[:1] != {q}'{': continue"],
]

CLEANINGS: dict[str, list[list[str]]] = {
    "concatenated": [*_BLANKS, ["if {x}:"], ["{x}.strip()", "if not {x}: continue"]],
    "lines": _LINE,
    "crlf lines": [*_BLANKS, ["{x}[:-2]"], ["{x}.rstrip({q}'\\r\\n')"], ["{x}.removesuffix({q}'\\r\\n')"]],
    "greeting": _BLANKS,
    "pretty": _BLANKS,
    "events": [*_DATA, *_LINES_OF_DATA],
    "events, done": [*_with_done(_DATA), *_with_done(_LINES_OF_DATA)],
    "events, done, more": _with_done(_DATA),
    "events, crlf": _with_done(_DATA),
    "events, no blank": [
        ["if {q}'[DONE]' in {x}: break", "{x}[5:]"],
        ["{x}.removeprefix({q}'data:')", "if {x}.strip() == {q}'[DONE]': break"],
    ],
    "events, one line end": _DATA,
    "events, one line end, done": _with_done(_DATA),
    "events, comments": _with_done([*_FOUND_DATA, ["if {x}.startswith({q}':'): continue", "{x}[6:]"], *_LINES_OF_DATA]),
    "events, named": [
        ["{x}.split({q}'data: ')[1]"],
        ["{x}.split({q}'\\n')[1]", "{x}[6:]"],
        ["{x}[{x}.find({q}'data: ') + 6:]"],
        *_LINES_OF_DATA,
    ],
    "events, some named": [*_with_done(_FOUND_DATA), *_with_done(_LINES_OF_DATA)],
    "events, id": [
        *_with_done([["{x}.split({q}'data: ')[1]"], ["{x}.partition({q}'data: ')[2]"]]),
        *_with_done(_LINES_OF_DATA),
    ],
    "events, id behind": [["{x}.split({q}'\\n')[0]", "{x}[6:]"], *_LINES_OF_DATA],
    "events, retry": [*_with_done(_FOUND_DATA), *_with_done(_LINES_OF_DATA)],
    "events, done in lower case": [["{x}[6:]", "if {x}.strip() == {q}'done': break"]],
    "lines, done": [[test] for test in _DONE_BEHIND],
    "lines, done, more": [[test] for test in _DONE_BEHIND],
    "lines, end": [["if {x}.strip() == {q}'END': break"], ["if {x}.startswith({q}'END'): print('end'); break"]],
    "concatenated, done": [[test] for test in _DONE_BEHIND],
    "lines, blank ones": _BLANK_TESTS,
    "lines, blank ends": [["if not {x}.strip(): break"], ["if {x} == {q}'\\n': print('end'); break"]],
    "concatenated, blank ones": _BLANK_TESTS,
    "concatenated, spaces": _BLANK_TESTS[:4],
    "lines, words": _WORD_TESTS,
    "concatenated, words": _WORD_TESTS,
    "lines, log": _OBJECTS_ONLY,
    "lines, log without brackets": _OBJECTS_ONLY,
    "NUL": _terminated("\0", text="'\\0'"),
    "RS behind": _terminated("\x1e", text="'\\x1e'"),
    "RS before": [
        ["{x}.lstrip({q}'\\x1e')"],
        ["{x}.strip({q}'\\x1e\\n')"],
        ["{x}[1:]"],
        ["{x}.removeprefix({q}'\\x1e')"],
    ],
    "comma": _terminated(","),
    "comma line": [
        ["{x}.rstrip({q}',\\n')"],
        ["{x}.strip()", "{x}.rstrip({q}',')"],
        ["{x}[:-2]"],
        ["{x}.strip().removesuffix({q}',')"],
    ],
    "semicolon": _terminated(";"),
    "semicolon line": [
        ["{x}.rstrip({q}';\\n')"],
        ["{x}.strip()", "{x}.rstrip({q}';')"],
        ["{x}[:-2]"],
        ["{x}.split({q}';')[0]"],
    ],
    "bar": _terminated("|"),
    "END": _terminated("<END>"),
    "line separator": [
        ["{x}.decode()", "{x}.rstrip('\u2028')"],
        ["{x}.decode()", "{x}.split('\u2028')[0]"],
        ["{x}.decode()", "for line in {x}.split('\u2028'):", "if not line: continue"],
    ],
    "blank line": [
        *_BLANKS,
        ["{x}.removesuffix({q}'\\n\\n')"],
        ["{x}.split({q}'\\n\\n')[0]"],
        ["for part in {x}.split({q}'\\n\\n'):", "if not part: continue"],
    ],
    "assigned": [
        ["{x}.replace({q}'var x = ', {q}'').rstrip({q}';\\n')"],
        ["{x}.strip()", "{x}[8:-1]"],
        ["{x}[{x}.find({q}'{'):{x}.rfind({q}'}') + 1]"],
    ],
    "called": [["{x}.strip()", "{x}[3:-2]"], ["{x}[{x}.find({q}'(') + 1:{x}.rfind({q}')')]"]],
    "vercel": [
        *_AFTER_COLON,
        ["{x}[2:]"],
        ["{x}.removeprefix({q}'0:')"],
        ["if not {x}.startswith({q}'0:'): continue", "{x}[2:]"],
    ],
    "progress": [
        *_AFTER_COLON,
        ["{x}.split({q}': ', 1)[1]"],
        ["{x}.removeprefix({q}'progress: ')"],
        ["{x}.replace({q}'progress: ', {q}'')"],
    ],
    "time stamp": [["{x}.split({q}'|', 1)[1]"], ["{x}.partition({q}'|')[2]"], ["{x}[6:]"]],
    "checksum": [["{x}.rsplit({q}'|', 1)[0]"], ["{x}.rpartition({q}'|')[0]"], ["{x}[:-6]"]],
    "log prefix": [
        ["{x}.split({q}'] ', 1)[1]"],
        ["{x}[{x}.find({q}'{'):]"],
        ["{x}[{x}.find({q}'{'):{x}.rfind({q}'}') + 1]"],
        ["{x}.split(None, 2)[2]"],
    ],
    "array lines": [
        ["{x}.strip()", "if {x} in ({q}'[', {q}']'): continue", "{x}.rstrip({q}',')"],
        ["{x}.strip().rstrip({q}',')", "if len({x}) < 2: continue"],
        ["{x}.strip().strip({q}'[],')", "if not {x}: continue"],
    ],
    "array elements": [
        ["{x}.strip({q}'[],')", "if not {x}: continue"],
        ["if {x} == {q}']': break", "{x}[1:]"],
        ["{x}.lstrip({q}'[,').rstrip({q}']')", "if {x}:"],
    ],
    "pairs": [
        ["({q}'[' + {x}.replace({q}'}{', {q}'},{') + {q}']')"],
        ["{x}.replace({q}'}{', {q}'},{')", "({q}'[' + {x} + {q}']')"],
    ],
    "single quotes": [["{x}.replace({q}\"'\", {q}'\"')"]],
    "constants": [["{x}.replace({q}'None', {q}'null')"], ["re.sub({q}'None', {q}'null', {x})"]],
    "trailing comma": [["re.sub({q}',\\\\s*}', {q}'}', {x})"], ["{x}.replace({q}',}', {q}'}')"]],
}
