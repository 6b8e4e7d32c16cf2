"""Answer links: signed, expiring, for one assignment; nothing to guess, nothing stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from gis.base.errors import LinkExpired
from gis.base.settings import Settings


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key, salt="lianjian.answer",
                                  signer=TimestampSigner)  # fmt: skip


def answer_token(settings: Settings, assignment_id: int) -> str:
    """The token of one assignment's link, valid for ``answer_link_hours`` from now."""
    return _serializer(settings).dumps(assignment_id)


def read_token(settings: Settings, token: str) -> int:
    """The assignment that a token opens. Raises LinkExpired when late, changed or made up."""
    longest = timedelta(hours=settings.answer_link_hours)
    try:
        found = _serializer(settings).loads(token[:300], max_age=int(longest.total_seconds()))
    except SignatureExpired:
        raise LinkExpired(
            "链接已过期，请联系派岗的调度员。", "This link has expired; ask your dispatcher."
        ) from None
    except BadSignature:
        raise LinkExpired(
            "链接不完整或被改动，请从原消息重新打开。",
            "This link is damaged; open it again from the message.",
        ) from None
    if type(found) is not int:
        raise LinkExpired("链接无效。", "This link is not valid.")
    return found


def link_expires_at(settings: Settings, now: datetime) -> datetime:
    """When a link made now stops to open."""
    return now.astimezone(UTC) + timedelta(hours=settings.answer_link_hours)
