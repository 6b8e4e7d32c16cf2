"""What an import did or would do: counts that add up, problems by row and column, the diff."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. row: number in the sheet; field: the column's label; nothing private in it."""

    row: int
    field: str
    code: str
    message: str


@dataclass(slots=True)
class Entry:
    """One row of the sheet. action: added, changed, unchanged, refused.

    values: column key → parsed value, None for a blank cell; cells: the texts as written, by which
    an untouched cell is known. changes: key → (what stands there, what the sheet says) for people.
    """

    row: int
    action: str
    id: int | None = None
    version: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, where: str, code: str, message: str) -> None:
        """Keeps the row out, for this reason."""
        self.action = "refused"
        self.problems.append(Problem(self.row, where, code, message))


@dataclass(frozen=True)
class Outcome:
    """The whole import. ``ignored``: labels of columns that the ledger does not have."""

    entries: list[Entry]
    is_dry_run: bool
    ignored: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        """How many rows met this end."""
        return sum(entry.action == action for entry in self.entries)

    @property
    def problems(self) -> list[Problem]:
        """Every refusal, in the order of the sheet."""
        return [problem for entry in self.entries for problem in entry.problems]

    @property
    def digest(self) -> str:
        """A fingerprint of what would be done: just what was confirmed is applied, or nothing."""
        # A new row's number is not known before it is written.
        ids = [None if e.action == "added" else e.id for e in self.entries]
        body = [
            (e.row, e.action, row_id, sorted(e.changes.items()))
            for e, row_id in zip(self.entries, ids, strict=True)
        ]
        return hashlib.sha256(repr(body).encode()).hexdigest()[:32]

    def as_dict(self) -> dict[str, Any]:
        """Counts and problems as the API answers them; read is the sum of the four ends."""
        ends = {name: self.count(name) for name in ("added", "changed", "unchanged", "refused")}
        return {
            "read": len(self.entries), "applied": ends["added"] + ends["changed"], **ends,
            "dry_run": self.is_dry_run, "ignored_columns": self.ignored,
            "ignored_sheets": self.others, "digest": self.digest,
            "problems": [asdict(problem) for problem in self.problems],
        }  # fmt: skip
