"""Private columns: encrypted at rest, masked on screen, found by a keyed index.

AES-GCM with ``table.column.owner`` as associated data, so that a ciphertext copied to another row
does not open there. The key lies in the data folder, outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gis.base.errors import ServiceUnavailable

_VERSION = b"\x01"


def seal(key: bytes, where: str, value: str) -> bytes:
    """The value encrypted for one place, e.g. ``member.phone.1f3c``."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, value.encode(), where.encode())


def open_sealed(key: bytes, where: str, sealed: bytes) -> str:
    """The value again. Raises ServiceUnavailable when key, place or content do not fit."""
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], where.encode()).decode()
    except InvalidTag:
        raise ServiceUnavailable(
            "加密字段打不开：密钥与数据不配套。请恢复数据目录 keys/field.key。",
            "An encrypted field does not open: restore keys/field.key of the data folder.",
        ) from None


def blind_index(key: bytes, column: str, value: str) -> bytes:
    """A keyed fingerprint by which equal values are found without reading any."""
    return hmac.new(key, f"{column}:{value}".encode(), hashlib.sha256).digest()[:16]


def mask_phone(phone: str) -> str:
    """A phone as screens show it: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
