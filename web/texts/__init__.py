"""The words of the pages: Chinese as written in the templates, English from these tables.

``_("启动预案")`` in a template or a script is the sentence in the reader's language; a test reads
every call and fails where the English is missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from flask import Flask, Response, current_app, g, has_request_context, request
from markupsafe import Markup

from gis.base.glossary import TERMS
from web.texts import answering, common, dispatch, ledgers, maps

EN: dict[str, str] = {**common.EN, **maps.EN, **dispatch.EN, **answering.EN, **ledgers.EN}
_YEAR_S = 31_536_000
LOCAL = timezone(timedelta(hours=8), "CST")  # China keeps one time, all year round


def install(app: Flask) -> None:
    """Gives templates ``_``, ``label``, ``local_time`` and remembers ``?lang=``."""

    def remember(response: Response) -> Response:
        if request.args.get("lang") in ("zh", "en"):
            response.set_cookie("lang", request.args["lang"], max_age=_YEAR_S, samesite="Lax")
        return response

    app.after_request(remember)
    app.jinja_env.globals.update(
        _=say, label=label, language=language, local_time=local_time,
        local_span=local_span, texts_json=texts_json
    )


def language() -> str:
    """The reader's language: asked for now, remembered, or the one of the settings."""
    if not has_request_context():
        return "zh"
    if "language" not in g:
        default = current_app.extensions["lianjian.settings"].language
        asked = request.args.get("lang") or request.cookies.get("lang") or default
        g.language = asked if asked in ("zh", "en") else "zh"
    return g.language


def say(zh: str, **values: object) -> str:
    """A sentence in the reader's language, its values filled in."""
    text = EN.get(zh, zh) if language() == "en" else zh
    return text.format(**values) if values else text


def label(words: Mapping[object, str], key: object) -> str:
    """The word of a code: Chinese from the domain's table, English from the code itself."""
    if language() == "en":
        return EN.get(words.get(key, ""), str(key).replace("_", " "))
    return words.get(key, str(key))


def term(noun: str) -> str:
    """A term of the house in the reader's language."""
    return noun.replace("_", " ") if language() == "en" else TERMS[noun]


def local_time(moment: datetime | str | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """A moment on the service's own clock; empty for none."""
    if not moment:
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(LOCAL).strftime(pattern)


def local_span(start: datetime, end: datetime) -> str:
    """From when until when, with the day of the week: what somebody reads who must be there."""
    first, last = start.astimezone(LOCAL), end.astimezone(LOCAL)
    next_day = "" if first.date() == last.date() else say("次日") + " "
    if language() == "en":
        day = f"{first:%a} {first.day} {first:%b}"
    else:
        day = f"{first.month}月{first.day}日（周{'一二三四五六日'[first.weekday()]}）"
    return f"{day} {first:%H:%M} – {next_day}{last:%H:%M}"


def texts_json() -> Markup:
    """The English words for the page's scripts, safe inside a script element; empty in Chinese."""
    words = EN if language() == "en" else {}
    text = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text)
