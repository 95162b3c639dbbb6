"""requests-html: https://requests.readthedocs.io/projects/requests-html/en/latest/"""

from __future__ import annotations

from .dsl import client
from .requests import VERBS, Response, Session

REQUESTS_HTML = client(
    "requests_html",
    distribution="requests-html",
    docs="https://requests.readthedocs.io/projects/requests-html/en/latest/#requests_html.HTMLResponse",
)
HTMLResponse = REQUESTS_HTML.type("HTMLResponse", bases=(Response,))
HTMLSession = REQUESTS_HTML.type("HTMLSession", "AsyncHTMLSession", bases=(Session,))
HTMLSession.returns(HTMLResponse, *VERBS, "send")
