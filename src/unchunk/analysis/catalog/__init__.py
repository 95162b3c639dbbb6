"""Facts about other people's libraries: one table a client, one row a fact.

Adding a client is adding a module to this package; nothing else changes (modules are found by walking the package).

    \"\"\"requests: https://requests.readthedocs.io/en/latest/api/\"\"\"

    from .rows import CHUNK, LINE, WHOLE, client, when

    REQUESTS = client("requests", docs="https://requests.readthedocs.io/en/latest/api/")
    Response = REQUESTS.type("Response")
    Session = REQUESTS.type("Session")

    REQUESTS.makes(Response, "get", "post", "request")              # requests.get(...) -> Response
    REQUESTS.makes(Session, "session")
    Session.makes(Response, "get", "post", "request", "send")       # Session().get(...) -> Response
    Response.step(CHUNK, "iter_content", text=when("decode_unicode"), untyped=True)
    Response.step(LINE, "iter_lines", text=when("decode_unicode"), untyped=True)
    Response.iterates(CHUNK, text=False)                            # for x in response
    Response.attribute(WHOLE, "text", text=True)

The verbs (all on `Type`; a client is the type of its module):

| verb | the program says | hands out |
|---|---|---|
| `makes` | `owner.member(...)` | the thing (an instance of a type, or data such as WHOLE) |
| `attribute` | `owner.member` | the thing |
| `holds` | `owner.member` | an iterable of steps |
| `step` | `owner.member(...)` | an iterable of steps |
| `read` | `owner.member(...)`, again and again | what comes next |
| `iterates` | `for x in owner` | steps |
| `part` | `event.choices[0].delta.content`, also by subscript or `.get()` | data inside an event or a message |
| `callback` | `def member(self, data)` in a subclass | data in a parameter |
| `calls_back` | `owner.member(..., argument=function)` | data in the function's first parameter |
| `parses` | `owner.member(data)` | nothing: this is where data is parsed |
| `safe` | `owner.member(stream or data)` | whole things |

- Calling a type makes an instance, `await` and `with` change nothing, members may be dotted
  (`"chat.completions.create"`).
- What is handed out: a framing (CHUNK, LINE, EVENT, MESSAGE, FRAGMENT, OBJECT, WHOLE), a type, a tuple of these (for
  steps that are tuples:
  `(CHUNK, None)`), or None. Events of SDKs are types with `decoded=True` and `part` rows; parsing the event itself is
  UNC105, parsing a FRAGMENT part UNC103.
- `text=` True for `str`, False for bytes, None unknown, or a condition: `text=when("decode_unicode")`.
- `only=` makes a row conditional: `when("stream")`, `unless("decode")`, `given("amt", 0)`, `absent("amt", 0)`,
  `constant("size", 0)` (`read(4096)`, but not `read(length)`), `counted("bufsize", 0)`
  (that, or a length that was read before), `equals("type", "SOCK_DGRAM", 1)`.
  Several rows for one member are tried in
  order; a condition that cannot be judged (`stream=flag`) lets both count.
- `untyped=True`: the method's name alone is evidence on a receiver whose type nobody knows (`iter_content`,
  `aiter_text`). Only for names that mean nothing else: never `read`, `recv`, `stream`, `get`. `asynchronous=` says how
  the steps are gone through where another thing has a method of that name: `iter_text()` is httpx's in a `for`, and a
  websocket's in an `async for`.
- Names are those a person imports; the same class imported from a submodule (`requests.models.Response`) is found by
  its last name.

Every table has a test that imports the real client and checks each row (the member exists; what a step is).
"""
