"""A table brought into a ledger: matched, compared, applied in one transaction, or only tried.

Every row ends added, changed, unchanged or refused, and the four add up to the rows read. A row is
known by its id; without one by the ledger's identity. A sheet never moves a state.
"""

from __future__ import annotations

from sqlalchemy import text, tuple_
from sqlalchemy.orm import Session

from gis.base import journal
from gis.base.access import actor_of, check
from gis.base.errors import Forbidden
from gis.base.ledger import apply, header, page, parse
from gis.base.ledger.compare import compare
from gis.base.ledger.declare import Ledger
from gis.base.ledger.header import ID_LABEL
from gis.base.ledger.outcome import Entry, Outcome
from gis.base.ledger.page import Row
from gis.base.ledger.reference import Found, meaning
from gis.base.sheets.reading import Table

_CHUNK = 1000
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext(:name))")


def bring(
    session: Session, ledger: Ledger, table: Table, *, dry_run: bool = False,
    file_name: str = "", key: bytes | None = None,
) -> Outcome:  # fmt: skip
    """Brings the table in; with ``dry_run`` everything is done and undone, so that the database's
    own refusals show as well. ``key`` seals private columns. Raises Forbidden, BadInput.
    """
    actor = actor_of(session)
    check(actor, ledger.read)
    if ledger.write is None:
        raise Forbidden(f"{ledger.title}不能导入。", f"{ledger.key} takes no import.")
    check(actor, ledger.write)
    head = header.find(ledger, table)
    entries = parse.entries(ledger, table, head)
    # One import of a ledger at a time: a button pressed twice must not add its rows twice.
    session.execute(_LOCK, {"name": f"lianjian.ledger.{ledger.key}"})
    with session.begin_nested() as savepoint:
        _judge(session, ledger, entries, key)
        apply.apply(session, ledger, entries, key)
        if dry_run:
            savepoint.rollback()
        else:
            _record(session, ledger, entries, file_name)
    return Outcome(entries, dry_run, head.ignored, table.others)


def _judge(session: Session, ledger: Ledger, entries: list[Entry], key: bytes | None) -> None:
    known = _by_id(session, ledger, {e.id for e in entries if e.id is not None}, key)
    for entry in entries:
        if entry.id is not None and entry.id not in known:
            entry.refuse(ID_LABEL, "not_found", f"没有编号 {entry.id} 的行，或不在您可改的辖区内")
    _resolve(session, ledger, entries, known)
    known |= _by_identity(session, ledger, entries, key)
    seen: dict[object, int] = {}
    for entry in entries:
        same = entry.id if entry.id is not None else _identity(ledger, entry)
        if same is not None and same in seen:
            entry.refuse(ID_LABEL, "repeated", f"与第 {seen[same]} 行是同一条")
        elif same is not None:
            seen[same] = entry.row
        if entry.action != "refused":
            compare(ledger, entry, known.get(entry.id) if entry.id is not None else None)


def _by_id(session: Session, ledger: Ledger, ids: set[int], key: bytes | None) -> dict[int, Row]:
    """Rows of these ids, locked. What the actor may not write is as good as not there."""
    found: dict[int, Row] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = ledger.id.in_(ordered[start : start + _CHUNK])
        found |= {row.id: row for row in page.locked(session, ledger, some, key)}
    return found


def _by_identity(
    session: Session, ledger: Ledger, entries: list[Entry], key: bytes | None
) -> dict[int, Row]:
    """Gives entries without an id that of the one row with their identity."""
    wanted: dict[tuple, list[Entry]] = {}
    for entry in entries:
        same = _identity(ledger, entry)
        if same is not None and entry.id is None and entry.action != "refused":
            wanted.setdefault(same, []).append(entry)
    columns = [ledger.by_key[name].field for name in ledger.identity]
    found: dict[int, Row] = {}
    keys = list(wanted)
    for start in range(0, len(keys), _CHUNK):
        some = tuple_(*columns).in_(keys[start : start + _CHUNK])
        rows = page.locked(session, ledger, some, key)
        for row in rows:
            for entry in wanted.get(tuple(row.raw[name] for name in ledger.identity), []):
                if entry.id not in (None, row.id):
                    entry.refuse(ID_LABEL, "ambiguous", "台账里不止一行与它相同，请填编号")
                entry.id = row.id
            found[row.id] = row
    return found


def _identity(ledger: Ledger, entry: Entry) -> tuple | None:
    values = tuple(entry.values.get(name) for name in ledger.identity)
    return values if values and None not in values else None


def _resolve(session: Session, ledger: Ledger, entries: list[Entry], known: dict[int, Row]) -> None:
    """Names of other tables' rows become ids. An untouched cell keeps the id that it stands for,
    also where two rows share a name."""
    for column in ledger.columns:
        if column.via is None:
            continue
        name, asked = column.key, []
        for entry in entries:
            stands = known.get(entry.id) if entry.id is not None else None
            if entry.values.get(name) is None or (entry.id is not None and stands is None):
                continue
            if stands is not None and stands.shown[name] == entry.cells[name]:
                entry.values[name] = stands.raw[name]
            else:
                asked.append(entry)
        texts = {entry.cells[name] for entry in asked}
        answers: dict[str, Found] = column.via.find(session, texts) if texts else {}
        for entry in asked:
            said = entry.cells[name]
            entry.values[name], why = meaning(answers.get(said), said, column.via.word)
            if why:
                entry.refuse(column.label, "unknown_value", why)


def _record(session: Session, ledger: Ledger, entries: list[Entry], file_name: str) -> None:
    """One journal entry for the import, one for each row that it wrote."""
    outcome = Outcome(entries, False)
    if not outcome.count("added") + outcome.count("changed"):
        return
    ends = {name: outcome.count(name) for name in ("added", "changed", "unchanged", "refused")}
    journal.record(session, "import", ledger.key, file=file_name[:120], **ends)
    for entry in entries:
        if entry.action in ("added", "changed"):
            what = sorted(entry.changes) if ledger.is_personal else entry.changes
            journal.record(session, entry.action, ledger.key, entry.id, columns=what)
    session.flush()
