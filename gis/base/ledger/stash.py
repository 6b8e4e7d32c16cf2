"""A table between its preview and its confirmation: sealed for one account and one ledger.

The file itself is not kept: its cells are, encrypted, in the data folder, for an hour.
"""

from __future__ import annotations

import json
import secrets
import time
from datetime import date
from pathlib import Path
from typing import Any

from gis.base import private
from gis.base.errors import NotFound, ServiceUnavailable
from gis.base.sheets.cells import Formula, SheetError
from gis.base.sheets.reading import Table

KEPT_S = 3600


def keep(folder: Path, key: bytes, whose: str, table: Table) -> str:
    """Keeps the table for ``whose`` (account and ledger); the token that gives it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    token = secrets.token_urlsafe(16)
    content = {"rows": [[n, [_plain(c) for c in cells]] for n, cells in table.rows],
               "merged": table.merged, "sheet": table.sheet, "others": table.others}  # fmt: skip
    sealed = private.seal(key, _where(whose, token), json.dumps(content, ensure_ascii=False))
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(sealed)
    return token


def take(folder: Path, key: bytes, whose: str, token: str) -> Table:
    """The table again; it stays until ``drop``. Raises NotFound when gone or somebody else's."""
    path = folder / token if token and token.isascii() and _is_token(token) else None
    try:
        sealed = path.read_bytes() if path and _is_fresh(path) else None
        opened = private.open_sealed(key, _where(whose, token), sealed) if sealed else None
    except (FileNotFoundError, ServiceUnavailable):
        opened = None
    if opened is None:
        raise NotFound("这次导入的预览已过期，请重新上传。",
                       "The preview of this import is gone; upload the file again.")  # fmt: skip
    said = json.loads(opened)
    rows = [(n, [_cell(c) for c in cells]) for n, cells in said["rows"]]
    return Table(rows, [tuple(m) for m in said["merged"]], said["sheet"], said["others"])


def drop(folder: Path, token: str) -> None:
    """Forgets a table that was applied."""
    if _is_token(token):
        (folder / token).unlink(missing_ok=True)


def _is_token(token: str) -> bool:
    return len(token) == 22 and token.replace("-", "").replace("_", "").isalnum()


def _is_fresh(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < KEPT_S


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if _is_token(path.name) and not _is_fresh(path):
            path.unlink(missing_ok=True)


def _where(whose: str, token: str) -> str:
    return f"upload.{whose}.{token}"


def _plain(cell: Any) -> Any:
    if isinstance(cell, date):
        return ["d", cell.isoformat()[:10]]
    if isinstance(cell, Formula | SheetError):
        return ["f" if isinstance(cell, Formula) else "e", cell.text]
    return cell


def _cell(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    tag, text = cell
    if tag == "d":
        return date.fromisoformat(text)
    return Formula(text) if tag == "f" else SheetError(text)
