"""Counts of a layer's items by parent and state: made once a version, kept in the process.

Counting 100,000 items for every low-zoom tile costs 0.2–2 s; a screen asks for a dozen of them.
So the items are counted by community once, added upwards, and kept until a row was written or the
reader's scope is another (`version`).
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.access import actor_of
from gis.territory.tables import WIDTHS
from layers.layer import Layer

KEPT = 128
Counts = dict[int, dict[str, int]]
_kept: OrderedDict[tuple[str, str], Counts] = OrderedDict()
_lock = threading.Lock()


def version(session: Session, layer: Layer, asked: dict[str, Any]) -> str:
    """A short text that differs when a row was written, the date or the scope is another.

    The highest transaction over the tables the layer reads. While an older transaction is still
    running its rows may yet appear below that number, so the snapshot becomes part of the text
    until it has ended. ``asked`` is what `Layer.asked` answers.
    """
    newest = ", ".join(
        f"(SELECT m.changed_in::text::int8 FROM {table} m ORDER BY m.changed_in DESC LIMIT 1)"
        for table in layer.sources
    ) or "(SELECT sum(graph_version)::int8 FROM city)"  # fmt: skip
    row = session.execute(
        text(
            f"SELECT COALESCE(GREATEST({newest}), 0), "
            "pg_snapshot_xmin(pg_current_snapshot())::text::int8, pg_current_snapshot()::text"
        )
    ).one()
    unsettled = row[2] if layer.sources and row[1] <= row[0] else ""
    actor = actor_of(session)
    told = (layer.key, sorted(asked.items()), row[0], unsettled, actor.lo, actor.hi, actor.more)
    return hashlib.blake2s(repr(told).encode(), digest_size=10).hexdigest()


def by_parent(session: Session, layer: Layer, level: str, asked: dict[str, Any]) -> Counts:
    """Parent's lower bound -> {state: count}, of every parent at this level that holds items."""
    key = (version(session, layer, asked), level)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = _counted(session, layer, level, asked)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _counted(session: Session, layer: Layer, level: str, asked: dict[str, Any]) -> Counts:
    if level != "community":
        return _added(by_parent(session, layer, "community", asked), WIDTHS[level])
    rows = session.execute(text(layer.sql("counts")), asked | {"width": WIDTHS["community"]})
    made: Counts = {}
    for lo, status, n in rows:
        made.setdefault(lo, {})[status] = n
    return made


def _added(counts: Counts, width: int) -> Counts:
    """The counts one or more levels up. A unit that skips a level adds to no parent there."""
    made: Counts = {}
    for lo, states in counts.items():
        to = made.setdefault((lo >> width) << width, {})
        for state, n in states.items():
            to[state] = to.get(state, 0) + n
    return made
