"""A private column of a ledger: encrypted at rest, masked on screen, never in an export."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from gis.base import private
from gis.base.sheets.cells import CellProblem, plain

_PHONE = re.compile(r"(?:\+?86)?(1\d{10})")


@dataclass(frozen=True, eq=False)
class Sealed:
    """A phone in three columns: the ciphertext, its row's salt, the blind index.

    ``where`` is the associated data's beginning, e.g. ``member.phone``.
    """

    key: str
    where: str
    salt: InstrumentedAttribute[bytes | None]
    index: InstrumentedAttribute[bytes | None]

    def masked(self, key: bytes | None, sealed: bytes | None, salt: bytes | None) -> str:
        """The value as screens show it; empty where there is none, ``****`` without the key."""
        if sealed is None or salt is None:
            return ""
        if key is None:
            return "****"
        return private.mask_phone(private.open_sealed(key, f"{self.where}.{salt.hex()}", sealed))

    def parse(self, cell: Any) -> str:
        """A mobile number. Raises CellProblem, which never repeats what was written."""
        text = str(cell) if isinstance(cell, int) else plain(cell)
        found = _PHONE.fullmatch(re.sub(r"[\s-]", "", text))
        if not found:
            raise CellProblem("not_a_phone", "应为 11 位手机号；遮盖过的号码不能导入")
        return found[1]

    def columns(
        self, key: bytes, field: InstrumentedAttribute[Any], phone: str
    ) -> dict[str, bytes]:
        """The three columns of one phone, under a fresh salt."""
        salt = os.urandom(8)
        return {
            field.key: private.seal(key, f"{self.where}.{salt.hex()}", phone),
            self.salt.key: salt,
            self.index.key: private.blind_index(key, self.where, phone),
        }
