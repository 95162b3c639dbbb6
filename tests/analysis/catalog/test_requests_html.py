"""requests-html: https://requests.readthedocs.io/projects/requests-html/en/latest/"""

from __future__ import annotations

import pytest

from .facts import check, serve

requests_html = pytest.importorskip("requests_html", exc_type=ImportError)


def test_a_session_makes_responses_that_hand_out_what_those_of_requests_do() -> None:
    with serve() as server, requests_html.HTMLSession() as session:
        response = session.get(server.url, stream=True)
        check(response, "requests_html.HTMLSession", "get")
        check(list(response.iter_content(None)), "requests_html.HTMLResponse", "iter_content")
        check(list(session.get(server.url, stream=True).iter_lines()), "requests_html.HTMLResponse", "iter_lines")
