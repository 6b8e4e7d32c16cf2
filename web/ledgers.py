"""Every ledger, by one blueprint: a new ledger touches nothing here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from gis.base import journal
from gis.base.access import check
from gis.base.errors import BadInput, NotFound
from gis.base.ledger import (
    Ledger,
    Page,
    Row,
    bring,
    life,
    row,
    rows,
    schema,
    sheet,
    stash,
    text,
    walk,
)
from gis.base.sheets.reading import Table, read_table
from gis.ledgers import LEDGERS, ledger
from web.permissions import needs
from web.session import begin, current_actor, read, settings
from web.texts import LOCAL

blueprint = Blueprint("ledgers", __name__)
_OWN = {"page", "sort", "per", "after", "lang"}  # of the address; every other name is a filter
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 200  # entries of a diff on one page; the counts are of all


@blueprint.get("/ledgers")
@needs("ledger.read")
def index() -> str:
    """The ledgers that the actor may read."""
    actor = current_actor()
    mine = [one for one in LEDGERS.values() if actor.may(one.read)]
    return render_template("ledgers/index.html", ledgers=mine, may_write=actor.may("ledger.write"))


@blueprint.get("/ledgers/<key>")
@needs("ledger.read")
def page(key: str) -> str:
    """One page of rows with filters, order, exports and the import's form."""
    one = ledger(key)
    with read() as session:
        found = _asked(session, one, per=50)
        choices = {
            column.key: column.via.choices(session) for column in one.columns if column.via
        }
    return render_template("ledgers/list.html", **_frame(one), page=found, choices=choices,
                           filters=request.args, pages=_pages(found), link=_link)  # fmt: skip


@blueprint.get("/ledgers/<key>/<int:row_id>")
@needs("ledger.read")
def one_row(key: str, row_id: int) -> str:
    """One row: every column, what happened to it, what may come next."""
    one = ledger(key)
    with read() as session:
        found = row(session, one, row_id, key=settings().field_key)
        steps = life.history(session, one, row_id)
        moves = life.open_moves(session, one, found)
    return render_template("ledgers/row.html", **_frame(one), row=found, steps=steps, moves=moves,
                           flow=life.flow_of(one))  # fmt: skip


@blueprint.post("/ledgers/<key>/<int:row_id>/moves")
@needs("ledger.read")
def move(key: str, row_id: int) -> ResponseReturnValue:
    """Moves one row by a verb, then shows it."""
    _move(ledger(key), row_id, request.form.get("verb", ""), request.form.get("reason", ""))
    return redirect(url_for("ledgers.one_row", key=key, row_id=row_id), 303)


@blueprint.get("/ledgers/<key>.xlsx")
@needs("ledger.export")
def export_xlsx(key: str) -> ResponseReturnValue:
    """The rows of the filters as a workbook, to be edited and brought back."""
    return _export(ledger(key), ".xlsx", lambda one, parts, path: sheet.write(one, parts, path))


@blueprint.get("/ledgers/<key>.csv")
@needs("ledger.export")
def export_csv(key: str) -> ResponseReturnValue:
    """The rows of the filters as CSV."""

    def write(one: Ledger, parts: Any, path: Path) -> int:
        with path.open("w", encoding="utf-8", newline="") as out:
            out.writelines(text.lines(one, parts))
        return 0

    return _export(ledger(key), ".csv", write)


@blueprint.get("/ledgers/<key>/template.xlsx")
@needs("ledger.write")
def template(key: str) -> ResponseReturnValue:
    """An empty workbook to fill in."""
    one = ledger(key)
    check(current_actor(), one.read)
    with tempfile.TemporaryDirectory(prefix="lianjian-sheet-") as folder:
        path = Path(folder) / "template.xlsx"
        sheet.template(one, path)
        return _sent(path, f"{one.title}-模板.xlsx")


@blueprint.post("/ledgers/<key>/import")
@needs("ledger.write")
def preview(key: str) -> str:
    """What a file would change: nothing is written before the confirmation."""
    one, table = ledger(key), _uploaded(ledger(key))
    with begin() as session:
        outcome = bring(session, one, table, dry_run=True, key=settings().field_key)
    name = (request.files["file"].filename or "")[:120]
    token = stash.keep(_folder(), settings().field_key, _whose(one), table)
    return render_template("ledgers/import.html", **_frame(one), outcome=outcome, token=token,
                           file_name=name, is_stale=False, shown=_SHOWN)  # fmt: skip


@blueprint.post("/ledgers/<key>/import/confirm")
@needs("ledger.write")
def confirm(key: str) -> str:
    """Applies what was shown; when the ledger has changed since, shows the new difference."""
    one, form = ledger(key), request.form
    token, name = form.get("token", ""), form.get("file_name", "")[:120]
    field_key = settings().field_key
    table = stash.take(_folder(), field_key, _whose(one), token)
    with begin() as session:
        tried = bring(session, one, table, dry_run=True, key=field_key)
        is_stale = tried.digest != form.get("digest")
        outcome = tried if is_stale else bring(
            session, one, table, file_name=name, key=field_key
        )  # fmt: skip
    if not is_stale:
        stash.drop(_folder(), token)
    return render_template("ledgers/import.html", **_frame(one), outcome=outcome, token=token,
                           file_name=name, is_stale=is_stale, shown=_SHOWN)  # fmt: skip


@blueprint.get("/api/ledgers/<key>")
@needs("ledger.read")
def api_rows(key: str) -> ResponseReturnValue:
    """Rows as the schema says. ``after`` walks by id, ``page`` and ``per`` turn pages."""
    with read() as session:
        found = _asked(session, ledger(key), per=100)
    return jsonify({
        "rows": [_json(one) for one in found.rows], "total": found.total,
        "is_more": found.is_more, "offset": found.offset, "limit": found.limit, "sort": found.sort,
        "next_after": found.rows[-1].id if found.rows else None,
    })  # fmt: skip


@blueprint.get("/api/ledgers/<key>/<int:row_id>")
@needs("ledger.read")
def api_row(key: str, row_id: int) -> ResponseReturnValue:
    """One row as the schema says, and the verbs that may come next."""
    one = ledger(key)
    with read() as session:
        found = row(session, one, row_id, key=settings().field_key)
        moves = life.open_moves(session, one, found)
    return jsonify({"row": _json(found), "moves": [m.verb for m in moves]})


@blueprint.get("/api/ledgers/<key>/schema")
@needs("ledger.read")
def api_schema(key: str) -> ResponseReturnValue:
    """The JSON schema (2020-12) of this ledger's rows."""
    one = ledger(key)
    check(current_actor(), one.read)
    answer = jsonify(schema(one))
    answer.mimetype = "application/schema+json"
    return answer


@blueprint.post("/api/ledgers/<key>/import")
@needs("ledger.write")
def api_import(key: str) -> ResponseReturnValue:
    """Brings a file in, or tries it (``dry_run=1``): counts and problems."""
    one, table = ledger(key), _uploaded(ledger(key))
    is_dry = request.form.get("dry_run", "").lower() in ("1", "true", "on", "yes")
    with begin() as session:
        outcome = bring(session, one, table, dry_run=is_dry, key=settings().field_key,
                        file_name=request.files["file"].filename or "")  # fmt: skip
    return jsonify(outcome.as_dict())


@blueprint.post("/api/ledgers/<key>/<int:row_id>/moves")
@needs("ledger.read")
def api_move(key: str, row_id: int) -> ResponseReturnValue:
    """Moves one row by a verb: ``{"verb", "reason"}``; answers the row and its next verbs."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(v, str) for v in body.values()):
        raise BadInput("需要 verb 和 reason。", "verb and reason are needed, as texts.")
    _move(ledger(key), row_id, body.get("verb", ""), body.get("reason", ""))
    return api_row(key, row_id)


def _move(one: Ledger, row_id: int, verb: str, reason: str) -> None:
    check(current_actor(), one.read)
    if one.move is None:
        raise NotFound(f"{one.title}没有流程。", f"{one.key} has no workflow.")
    with begin() as session:
        one.move(session, row_id, verb[:40], reason[:500].strip())


def _asked(session: Any, one: Ledger, *, per: int) -> Page:
    """The page that the address asks for."""
    args = request.args
    size = min(_number("per", per), 200)
    after = _number("after", 0) if "after" in args else None
    filters = {name: args.getlist(name) for name in args if name not in _OWN}
    return rows(session, one, filters=filters, sort=args.get("sort", ""), after=after,
                offset=(max(_number("page", 1), 1) - 1) * size, limit=max(size, 1),
                key=settings().field_key)  # fmt: skip


def _number(name: str, default: int) -> int:
    given = request.args.get(name, "")
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise BadInput("页码应为数字。", f"{name} must be a number.", field=name)
    return int(given)


def _json(found: Row) -> dict[str, Any]:
    return {"id": found.id, "version": found.version, **found.values}


def _frame(one: Ledger) -> dict[str, Any]:
    """What every page of a ledger shows."""
    actor = current_actor()
    return {
        "ledger": one, "may_write": one.write is not None and actor.may(one.write),
        "may_export": one.export is not None and actor.may(one.export),
    }  # fmt: skip


def _pages(found: Page) -> dict[str, int]:
    last = max(1, -(-found.total // found.limit))
    return {"now": found.offset // found.limit + 1, "last": last}


def _link(**changed: Any) -> str:
    """This page's address with some of its arguments changed; None takes one away."""
    args = request.args.to_dict(flat=False) | {k: [str(v)] for k, v in changed.items()}
    kept = {k: v for k, v in args.items() if v != ["None"] and v != [""] and k != "key"}
    return url_for("ledgers.page", key=request.view_args["key"], **kept)  # type: ignore[index]


def _export(
    one: Ledger, suffix: str, write: Callable[[Ledger, Any, Path], int]
) -> ResponseReturnValue:
    """A file of all rows of the filters; the journal keeps who took it."""
    filters = {name: request.args.getlist(name) for name in request.args if name not in _OWN}
    with tempfile.TemporaryDirectory(prefix="lianjian-sheet-") as folder, begin() as session:
        path = Path(folder) / f"export{suffix}"
        parts = walk(session, one, filters=filters, sort=request.args.get("sort", ""))
        write(one, parts, path)
        asked = {name: values for name, values in filters.items() if any(values)}
        journal.record(session, "export", one.key, format=suffix[1:], filters=asked)
        day = datetime.now(UTC).astimezone(LOCAL).strftime("%Y%m%d")
        return _sent(path, f"{one.title}-{day}{suffix}")


def _sent(path: Path, name: str) -> ResponseReturnValue:
    """A file whose folder is removed behind it: the open handle keeps its content."""
    kind = _XLSX if path.suffix == ".xlsx" else "text/csv; charset=utf-8"
    return send_file(path.open("rb"), mimetype=kind, as_attachment=True, download_name=name,
                     max_age=0)  # fmt: skip


def _uploaded(one: Ledger) -> Table:
    """The table of the file that was sent. Raises BadInput, TooLarge."""
    check(current_actor(), one.read)
    given = request.files.get("file")
    if given is None or not given.filename:
        raise BadInput("请选择要导入的 .xlsx 或 .csv 文件。", "Choose an .xlsx or .csv file.")
    limits = settings()
    with tempfile.TemporaryDirectory(prefix="lianjian-upload-") as folder:
        path = Path(folder) / "upload"
        given.save(path)
        return read_table(path, prefer=one.title, memory_mb=limits.reader_memory_mb,
                          timeout_s=limits.reader_timeout_s)  # fmt: skip


def _folder() -> Path:
    return settings().home_dir / "uploads"


def _whose(one: Ledger) -> str:
    return f"{current_actor().account_id}.{one.key}"
