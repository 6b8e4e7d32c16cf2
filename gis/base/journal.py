"""Append-only, hash-chained: who did what, in words that an auditor reads.

Entries are written in parallel by every transaction; a sealing step chains those that are surely
visible, in id order, so that an acknowledgement storm does not queue behind one lock. Changing or
removing a sealed entry breaks the chain, and ``verify`` names the first broken one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.base.access import actor_of
from gis.base.db import Base, Changed


class JournalEntry(Changed, Base):
    """One deed. The service may insert and read; nobody may update or delete."""

    __tablename__ = "journal"
    __scope__ = "place"
    journal_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    account_id: Mapped[int | None]
    actor: Mapped[str]
    purpose: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    place: Mapped[int] = mapped_column(index=True)


class JournalSeal(Base):
    """The chain: each seal covers its entry and the seal before it."""

    __tablename__ = "journal_seal"
    __scope__ = "system"
    journal_id: Mapped[int] = mapped_column(ForeignKey(JournalEntry.journal_id), primary_key=True)
    seal_no: Mapped[int] = mapped_column(unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


def record(
    session: Session,
    verb: str,
    subject: str,
    subject_id: int | None = None,
    *,
    place: int | None = None,
    **detail: Any,
) -> None:
    """Writes one deed of the present actor. ``place`` defaults to the actor's own."""
    actor = actor_of(session)
    session.add(
        JournalEntry(
            account_id=actor.account_id, actor=actor.name, purpose=actor.purpose, verb=verb,
            subject=subject, subject_id=subject_id, detail=detail,
            place=actor.lo if place is None else place,
        )
    )  # fmt: skip


def seal(session: Session) -> int:
    """Chains the entries not sealed yet that no running transaction can precede; their number."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('lianjian.journal'))"))
    last = session.execute(
        select(JournalSeal.seal_no, JournalSeal.digest)
        .order_by(JournalSeal.seal_no.desc())
        .limit(1)
    ).one_or_none()
    number, digest = last or (0, b"")
    entries = session.scalars(
        select(JournalEntry)
        .outerjoin(JournalSeal, JournalSeal.journal_id == JournalEntry.journal_id)
        .where(JournalSeal.journal_id.is_(None))
        .where(JournalEntry.changed_in < text("pg_snapshot_xmin(pg_current_snapshot())"))
        .order_by(JournalEntry.journal_id)
    ).all()
    for entry in entries:
        number, digest = number + 1, _digest(digest, entry)
        session.add(JournalSeal(journal_id=entry.journal_id, seal_no=number, digest=digest))
    session.flush()
    return len(entries)


def verify(session: Session) -> int | None:
    """The id of the first entry whose seal does not fit, or None when the chain holds.

    A missing entry shows as a gap in the seal numbers or as a broken digest behind it.
    """
    before, expected = b"", 1
    rows = session.execute(
        select(JournalSeal, JournalEntry)
        .outerjoin(JournalEntry, JournalSeal.journal_id == JournalEntry.journal_id)
        .order_by(JournalSeal.seal_no)
    )
    for chained, entry in rows:
        if entry is None or chained.seal_no != expected:
            return chained.journal_id
        before, expected = _digest(before, entry), expected + 1
        if before != chained.digest:
            return chained.journal_id
    return None


def _digest(before: bytes, entry: JournalEntry) -> bytes:
    content = [
        entry.journal_id, entry.done_at.timestamp(), entry.account_id, entry.actor, entry.purpose,
        entry.verb, entry.subject, entry.subject_id, entry.detail, entry.place,
    ]  # fmt: skip
    body = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(before + body).digest()
