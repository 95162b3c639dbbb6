"""Loops of base classes, through which pieces go that derived classes hand in or are handed."""

from __future__ import annotations

from unchunk.analysis import check_source
from unchunk.codemod.plan import plan

from .rewrites import check_transformed, program


def test_where_others_may_hand_in_something_else() -> None:
    check_transformed(
        """
        import json
        import requests

        class Provider:
            def run(self):
                for piece in self.pieces():
                    print(json.loads(piece))

        class Chunks(Provider):
            def pieces(self):
                yield from requests.get("https://example.com", stream=True).iter_content(None)

        class Lines(Provider):
            def pieces(self):
                yield from requests.get("https://example.com", stream=True).iter_lines()
        """,
        """
        import requests
        from unchunk import iter_json

        class Provider:
            def run(self):
                for data in iter_json(self.pieces()):
                    print(data)

        class Chunks(Provider):
            def pieces(self):
                yield from requests.get("https://example.com", stream=True).iter_content(None)

        class Lines(Provider):
            def pieces(self):
                yield from requests.get("https://example.com", stream=True).iter_lines()
        """,
        safe=False,
    )


def test_where_others_may_be_handed_the_pieces() -> None:
    check_transformed(
        """
        import json
        import requests

        class Reader:
            def run(self):
                for chunk in requests.get("https://example.com", stream=True).iter_content(None):
                    self.show(chunk)

        class Between(Reader):
            pass

        class Parsing(Between):
            def show(self, chunk):
                print(json.loads(chunk))
        """,
        """
        import json
        import requests
        from unchunk import rechunk

        class Reader:
            def run(self):
                for chunk in rechunk(
                    requests.get("https://example.com", stream=True).iter_content(None),
                    at="document",
                    skip_blank=True,
                ):
                    self.show(chunk)

        class Between(Reader):
            pass

        class Parsing(Between):
            def show(self, chunk):
                print(json.loads(chunk))
        """,
        safe=False,
    )


def test_what_a_class_inherits_and_reads_itself_is_its_own() -> None:
    check_transformed(
        """
        import json
        import requests

        class Opening:
            def open(self):
                return requests.get("https://example.com", stream=True).iter_content(None)

        class Reader(Opening):
            def run(self):
                for chunk in self.open():
                    print(json.loads(chunk))
        """,
        """
        import requests
        from unchunk import iter_json

        class Opening:
            def open(self):
                return requests.get("https://example.com", stream=True).iter_content(None)

        class Reader(Opening):
            def run(self):
                for data in iter_json(self.open()):
                    print(data)
        """,
    )


def test_where_a_derived_class_takes_the_pieces_of_a_loop_it_inherits() -> None:
    before = """
        import json
        import requests

        class Base:
            def run(self, response):
                for chunk in response.iter_content(None):
                    if self.accepts(chunk):
                        print(json.loads(chunk))

            def accepts(self, chunk):
                return True
        {}
        """
    heir = "\n        class {}:\n            def accepts(self, piece):\n                return len(piece) > 2\n"
    (own,) = plan(check_source(program(before.format(heir.format("Other")))))
    (inherited,) = plan(check_source(program(before.format(heir.format("Heir(Base)")))))
    assert (own.safe, inherited.safe) == (True, False)
