"""The kinds of column: how a value is shown, written to a sheet, read back, filtered, described.

``show`` is the text of screens and CSV; ``cell`` what a sheet holds; ``parse`` reads a cell back
(``parse(show(v))`` and ``parse(cell(v))`` give the same, which is what makes a round trip change
nothing); ``json`` is the value of the API; ``schema`` its JSON schema.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from gis.base.errors import BadInput
from gis.base.ledger import amounts
from gis.base.ledger.facts import Facts
from gis.base.sheets.cells import CUT, LONGEST, CellProblem, folded, plain, text_of

_SPLIT = re.compile(r"[、,，;；/|\s]+")


class Kind:
    """What all kinds share; as it stands, the kind of free text."""

    name, zh, sheet_format = "text", "文字", "@"
    is_text = True

    def __init__(self, facts: Facts, unit: str = "") -> None:
        self.facts, self.unit = facts, unit

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)

    def cell(self, value: Any) -> Any:
        shown = self.show(value)
        return shown if len(shown) <= LONGEST else shown[:LONGEST] + CUT

    def json(self, value: Any) -> Any:
        return value

    def parse(self, cell: Any, scale: int = 1) -> Any:
        """The value of a cell that is not blank. Raises CellProblem."""
        text = text_of(cell)
        longest = self.facts.longest or LONGEST
        if text.endswith(CUT):
            raise CellProblem("too_long", "内容过长，没有全部导出；请在网页上修改")
        if len(text) > longest:
            raise CellProblem("too_long", f"最多 {longest} 个字，现有 {len(text)} 个")
        if len(text) < (self.facts.shortest or 0):
            raise CellProblem("too_short", f"至少 {self.facts.shortest} 个字")
        return text

    def condition(self, expression: Any, text: str) -> ColumnElement[bool]:
        return expression.icontains(text, autoescape=True)

    def schema(self) -> dict[str, Any]:
        bounds = {"minLength": self.facts.shortest, "maxLength": self.facts.longest}
        return {"type": "string", **{k: v for k, v in bounds.items() if v is not None}}


class Whole(Kind):
    """A whole number, counted in ``unit``."""

    name, zh, sheet_format, is_text = "integer", "整数", "0", False

    def cell(self, value: Any) -> Any:
        return value

    def parse(self, cell: Any, scale: int = 1) -> int:
        return self._within(amounts.whole_number(cell, self.unit))

    def _within(self, number: int) -> int:
        least, most = self.facts.least, self.facts.most
        if least is not None and number < least:
            raise CellProblem("too_small", f"不能小于 {self.show(least)}")
        if most is not None and number > most:
            raise CellProblem("too_large", f"不能大于 {self.show(most)}")
        return number

    def condition(self, expression: Any, text: str) -> ColumnElement[bool]:
        return expression == _asked(self, text)

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.facts.least, "maximum": self.facts.most}
        return {"type": "integer", **{k: v for k, v in bounds.items() if v is not None}}


class Money(Whole):
    """Integer fen in the database and the API, yuan with two decimals for people."""

    name, zh, sheet_format = "money", "金额", "#,##0.00"

    def show(self, value: Any) -> str:
        return "" if value is None else amounts.money_text(value)

    def cell(self, value: Any) -> Any:
        # A double holds 15 digits; what it cannot hold exactly goes as text and comes back so.
        if value is None or abs(value) >= 10**15:
            return self.show(value) or None
        return value / 100

    def parse(self, cell: Any, scale: int = 1) -> int:
        return self._within(amounts.fen(cell, scale))


class Day(Kind):
    """A calendar day."""

    name, zh, sheet_format, is_text = "date", "日期", "yyyy-mm-dd", False

    def cell(self, value: Any) -> Any:
        return value

    def json(self, value: Any) -> Any:
        return value.isoformat() if value else None

    def parse(self, cell: Any, scale: int = 1) -> date:
        return amounts.day(cell)

    def condition(self, expression: Any, text: str) -> ColumnElement[bool]:
        return expression == _asked(self, text)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Choice(Kind):
    """One of a list: a code in the database and the API, a Chinese word for people."""

    name, zh, is_text = "choice", "选项", False

    def __init__(self, facts: Facts, labels: Mapping[str, str], name: str) -> None:
        super().__init__(facts)
        if facts.codes is not None and set(facts.codes) != set(labels):
            raise ValueError(f"{name}: labels and CHECK differ: {set(facts.codes) ^ set(labels)}")
        if len({folded(word) for word in labels.values()}) < len(labels):
            raise ValueError(f"{name}: two codes share one word")
        self.labels = dict(labels)
        self._codes: dict[str, Any] = {folded(word): code for code, word in labels.items()}
        self._codes |= {folded(code): code for code in labels}

    @property
    def words(self) -> list[str]:
        return list(self.labels.values())

    def show(self, value: Any) -> str:
        return "" if value is None else self.labels.get(value, str(value))

    def parse(self, cell: Any, scale: int = 1) -> Any:
        code = self._codes.get(folded(cell))
        if code is None:
            text = plain(cell)[:20]
            raise CellProblem("unknown_value", f"没有“{text}”这一项；{closest(text, self.words)}")
        return code

    def condition(self, expression: Any, text: str) -> ColumnElement[bool]:
        return expression == _asked(self, text)

    def schema(self) -> dict[str, Any]:
        described = "；".join(f"{code}={word}" for code, word in self.labels.items())
        return {"type": "string", "enum": list(self.labels), "description": described}


class Truth(Choice):
    """Yes or no."""

    name, zh = "boolean", "是否"
    _YES, _NO = (
        ("是", "有", "true", "1", "√", "y", "yes"),
        ("否", "无", "false", "0", "×", "n", "no"),
    )

    def __init__(self, facts: Facts) -> None:
        Kind.__init__(self, facts)
        self.labels = {True: "是", False: "否"}  # type: ignore[dict-item]
        self._codes = dict.fromkeys(self._YES, True) | dict.fromkeys(self._NO, False)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Flags(Choice):
    """Any of a list, kept as a bit mask: bit n is the n-th code. Blank is none."""

    name, zh = "flags", "多选"

    def show(self, value: Any) -> str:
        return "、".join(word for i, word in enumerate(self.words) if (value or 0) >> i & 1)

    def json(self, value: Any) -> Any:
        return [code for i, code in enumerate(self.labels) if (value or 0) >> i & 1]

    def parse(self, cell: Any, scale: int = 1) -> int:
        # A word of the list may itself hold a space or a dash: whole words are looked for first.
        text, mask = folded(cell), 0
        for known in sorted(self._codes, key=len, reverse=True):
            if known in text:
                mask |= 1 << list(self.labels).index(self._codes[known])
                text = text.replace(known, "、")
        if rest := [part for part in _SPLIT.split(text) if part]:
            raise CellProblem(
                "unknown_value", f"没有“{rest[0][:20]}”这一项；{closest(rest[0], self.words)}"
            )
        return mask

    def condition(self, expression: Any, text: str) -> ColumnElement[bool]:
        mask = _asked(self, text)
        return expression.op("&")(mask) == mask

    def schema(self) -> dict[str, Any]:
        items = {"type": "string", "enum": list(self.labels)}
        return {"type": "array", "items": items, "uniqueItems": True}


def closest(text: str, words: list[str]) -> str:
    """The end of a refusal: the known words most like this one, or all when they are few."""
    near = difflib.get_close_matches(text, words, n=3, cutoff=0.4)
    if near:
        return "最接近的是：" + "、".join(near)
    return "可填：" + "、".join(words[:20]) + ("等" if len(words) > 20 else "")


def _asked(kind: Kind, text: str) -> Any:
    """A filter's value. Raises BadInput where a cell would raise CellProblem."""
    try:
        return kind.parse(text)
    except CellProblem as problem:
        raise BadInput(
            f"筛选值不能用：{problem.message}。",
            f"This filter value cannot be used: {text[:40]!r}.",
        ) from None
