"""What a cell of a sheet may hold, and how its text is made plain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

CUT = "…（过长，未全部导出）"
LONGEST = 32_000  # characters of a cell; Excel holds 32,767
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class CellProblem(Exception):
    """Why one cell cannot be taken: ``code`` for programs, ``message`` for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes its value; never taken, for its result may be stale or missing."""

    text: str


@dataclass(frozen=True, slots=True)
class SheetError:
    """A cell that shows #REF!, #N/A and the like."""

    text: str


def is_blank(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any) -> str:
    """A free text as it is kept: trimmed, line ends as \\n, without control characters."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if not isinstance(cell, str):
        cell = ("是" if cell else "否") if isinstance(cell, bool) else str(cell)
    return _CONTROL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plain(cell: Any) -> str:
    """A text for comparing and for numbers: full-width forms made narrow, inner spaces gone."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text_of(cell))).strip()


def folded(cell: Any) -> str:
    """A label as it is looked up: plain, without any space, case-folded."""
    return plain(cell).replace(" ", "").casefold()
