"""What a table says of one of its columns: required-ness, length, lowest value, allowed codes.

Read from the column and from the CHECK constraints around it, so that sheet, form and database
cannot disagree. Understood: ``length(c) BETWEEN a AND b``, ``c BETWEEN a AND b``, ``c >= a``,
``c > a``, ``c IN ('x', …)``, joined by AND. What is not understood stays with the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa

_CODES = re.compile(r"'((?:[^']|'')*)'")
_WORD = r"(?<![\w.(])"


@dataclass(frozen=True)
class Facts:
    """``most`` and ``least`` bound a number; ``shortest`` and ``longest`` the length of a text."""

    is_required: bool
    is_nullable: bool
    codes: tuple[str, ...] | None
    least: int | None
    most: int | None
    shortest: int | None
    longest: int | None


def of(column: sa.Column) -> Facts:
    """The facts of one column."""
    checks = [
        str(check.sqltext)
        for check in column.table.constraints
        if isinstance(check, sa.CheckConstraint)
    ]
    parts = [part for check in checks if " OR " not in check for part in _ands(check)]
    least, most = _bounds(parts, rf"{_WORD}{column.name}")
    shortest, longest = _bounds(parts, rf"length\({column.name}\)")
    if isinstance(column.type, sa.String) and column.type.length:
        longest = min(longest or column.type.length, column.type.length)
    has_default = column.server_default is not None or column.default is not None
    return Facts(
        is_required=not column.nullable and not has_default,
        is_nullable=bool(column.nullable),
        codes=_codes(parts, column.name),
        least=least,
        most=_narrower(most, _type_most(column.type)),
        shortest=shortest,
        longest=longest,
    )


def _ands(check: str) -> list[str]:
    """The parts of a condition; the AND of a BETWEEN stays where it is."""
    parts = re.split(r"\s+AND\s+(?!\d)", check)
    return [part.strip() for part in parts]


def _bounds(parts: list[str], subject: str) -> tuple[int | None, int | None]:
    for part in parts:
        if found := re.fullmatch(rf"{subject} BETWEEN (-?\d+) AND (-?\d+)", part):
            return int(found[1]), int(found[2])
        if found := re.fullmatch(rf"{subject} (>=|>) (-?\d+)", part):
            return int(found[2]) + (found[1] == ">"), None
    return None, None


def _codes(parts: list[str], name: str) -> tuple[str, ...] | None:
    for part in parts:
        if found := re.fullmatch(rf"{name} IN \((.*)\)", part, re.DOTALL):
            return tuple(code.replace("''", "'") for code in _CODES.findall(found[1]))
    return None


def _type_most(kind: sa.types.TypeEngine) -> int | None:
    if isinstance(kind, sa.SmallInteger):
        return 2**15 - 1
    if isinstance(kind, sa.BigInteger):
        return 2**63 - 1
    return 2**31 - 1 if isinstance(kind, sa.Integer) else None


def _narrower(one: int | None, other: int | None) -> int | None:
    return min(one, other) if one is not None and other is not None else one or other
