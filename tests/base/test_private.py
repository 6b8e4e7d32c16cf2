"""Private columns: no readable phone at rest, no ciphertext that can be moved to another row."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gis.base import private
from gis.base.errors import ServiceUnavailable

KEY = b"k" * 32


def test_sealed_opens_only_in_its_place():
    sealed = private.seal(KEY, "member.phone.a", "19900000001")
    assert private.open_sealed(KEY, "member.phone.a", sealed) == "19900000001"
    for key, where in ((KEY, "member.phone.b"), (b"x" * 32, "member.phone.a")):
        with pytest.raises(ServiceUnavailable):
            private.open_sealed(key, where, sealed)


def test_the_same_value_is_never_sealed_twice_alike_but_found_by_index():
    assert private.seal(KEY, "a", "1") != private.seal(KEY, "a", "1")
    assert private.blind_index(KEY, "c", "1") == private.blind_index(KEY, "c", "1")
    assert private.blind_index(KEY, "c", "1") != private.blind_index(KEY, "d", "1")


def test_no_phone_lies_readable_in_the_database(session, demo_frames):
    phones = set(demo_frames.members["phone"])
    rows = session.scalars(text("SELECT member::text FROM member")).all()
    assert rows and not any(phone in row for row in rows for phone in list(phones)[:50])


def test_masking():
    assert private.mask_phone("19900001234") == "199****1234"
    assert private.mask_phone("123") == "****"
