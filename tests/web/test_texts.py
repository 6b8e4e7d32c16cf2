"""English is complete: every sentence that a page or a script says in Chinese has one."""

from __future__ import annotations

import re
from pathlib import Path

import web
from gis.base.access import ROLES
from gis.mobilization import tables as mobilization
from web.frame import MENU
from web.pages.call_list import COLUMNS
from web.texts import EN

ROOT = Path(web.__file__).parent
CALL = re.compile(r"""(?:\b_|\bsay|\bt)\(\s*(["'])((?:(?!\1)[^\\]|\\.)*)\1""")
CHINESE = re.compile("[一-鿿]")


def spoken() -> dict[str, str]:
    """Sentence → file, over templates, scripts and modules."""
    files = [*ROOT.rglob("templates/**/*.html"), *ROOT.glob("static/js/*.js"), *ROOT.rglob("*.py")]
    return {m[2]: path.name for path in files for m in CALL.finditer(path.read_text())}


def test_every_sentence_has_its_english() -> None:
    sentences = spoken()
    assert len(sentences) > 100  # the pattern still finds them
    lacking = {s: f for s, f in sentences.items() if CHINESE.search(s) and s not in EN}
    assert lacking == {}


def test_words_of_the_domain_have_their_english() -> None:
    words = [
        *ROLES.values(), *(word for _, word, _ in MENU), *(name for name, _ in COLUMNS),
        *mobilization.CATEGORIES.values(), *mobilization.TIERS.values(),
        *mobilization.DECLINE_REASONS.values(), *mobilization.EVENT_GRADES.values(),
        *(m.zh for m in mobilization.ASSIGNMENT_FLOW.moves if m.verb != "stand_down"),
    ]  # fmt: skip
    assert [word for word in words if word not in EN] == []


def test_values_are_the_same_in_both() -> None:
    holes = re.compile(r"\{(\w+)\}")
    wrong = [zh for zh, en in EN.items() if set(holes.findall(zh)) != set(holes.findall(en))]
    assert wrong == []
