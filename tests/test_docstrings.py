"""Docstrings say what comes back, or what is done: none begins with a question word."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
AS_PEOPLE_WRITE = {"eval", "fixtures", "programs", "text_pieces"}
QUESTION = re.compile(r'^\s*r?"""(What|Whatever|Whether|Where|Which|How|Who|Whom|Whose|Why|Of|By)\b', re.MULTILINE)


def test_no_docstring_begins_with_a_question_word() -> None:
    files = (
        path for folder in ("src", "tests", "benchmarks", "docs", "examples") for path in (ROOT / folder).rglob("*.py")
    )
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.end()) + 1}: {match[1]}"
        for path in files
        if not AS_PEOPLE_WRITE & set(path.relative_to(ROOT).parts)
        for text in [path.read_text(encoding="utf-8")]
        for match in QUESTION.finditer(text)
    ]
    assert not found, f"say it in the imperative, or as a noun phrase: {found}"
