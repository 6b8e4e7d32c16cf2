"""How the child says no: a reason of `errors.SENTENCES` and the values its sentence needs."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """The child will not or cannot go on. Travels to the parent as JSON."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values
