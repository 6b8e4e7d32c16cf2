"""Every error raised on purpose: a code, an HTTP status, an exit code, a sentence in zh and en.

The sentence says what is wrong and what to do; it never echoes a private value.
"""

from __future__ import annotations

from typing import Any, ClassVar


class LianjianError(Exception):
    """An error that a user may read. ``facts`` are plain values for the API's answer."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str, **facts: Any) -> None:
        super().__init__(zh, en)
        self.zh, self.en, self.facts = zh, en, facts

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def say(self, language: str) -> str:
        """The sentence in one language."""
        return self.en if language == "en" else self.zh

    def as_dict(self) -> dict[str, Any]:
        """The error as the API and ``--json`` answer it."""
        return {"code": self.code, "message": self.zh, "message_en": self.en, **self.facts}


class BadInput(LianjianError):
    """What was sent cannot be used as it is."""

    code, status, exit_code = "bad_input", 422, 2


class BadGeometry(BadInput):
    """A shape cannot be used: wrong type, empty, crossing itself, out of bounds, too large."""

    code = "bad_geometry"


class TooLarge(BadInput):
    """More was sent than one request may carry."""

    code, status = "too_large", 413


class NotLoggedIn(LianjianError):
    """Nobody is logged in, or the log-in has expired."""

    code, status, exit_code = "not_logged_in", 401, 2


class Forbidden(LianjianError):
    """The actor's role or territory does not allow this."""

    code, status, exit_code = "forbidden", 403, 2


class NotFound(LianjianError):
    """No such thing, or not within the actor's territory: the two are not told apart."""

    code, status, exit_code = "not_found", 404, 2


class WrongState(LianjianError):
    """The workflow has no such move from the present state."""

    code, status, exit_code = "wrong_state", 409, 1


class Conflict(LianjianError):
    """Somebody else changed it first, or it exists already."""

    code, status, exit_code = "conflict", 409, 1


class TooManyTries(LianjianError):
    """Too many attempts in a short time."""

    code, status, exit_code = "too_many_tries", 429, 1


class LinkExpired(LianjianError):
    """An answer link is past its time or was changed."""

    code, status, exit_code = "link_expired", 410, 1


class ServiceUnavailable(LianjianError):
    """The database or a part of the service cannot be reached or made."""

    code, status, exit_code = "unavailable", 503, 3


def all_errors() -> list[type[LianjianError]]:
    """Every error class, parents before children, for the documentation."""
    found: list[type[LianjianError]] = [LianjianError]
    for cls in found:
        found.extend(sub for sub in cls.__subclasses__() if sub not in found)
    return found
