"""Three log-ins for the demo city, with passwords made at random for this data folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.accounts.actions import new_password, set_account
from gis.base.settings import Settings
from gis.territory.tables import Territory

FILE = "demo-logins.json"


def make_logins(session: Session) -> dict[str, str]:
    """Makes a grid manager of the first street, a dispatcher and an administrator of the city.

    Answers username → password.
    """
    city = session.scalar(
        select(Territory.territory_id).where(Territory.level == "city", Territory.code == "430800")
    )
    street = session.scalar(
        select(Territory.territory_id).where(Territory.level == "street").order_by(Territory.lo)
    )
    passwords: dict[str, str] = {}
    for username, role, place in (
        ("grid", "grid_manager", street),
        ("dispatch", "dispatcher", city),
        ("admin", "administrator", city),
    ):
        passwords[username] = new_password()
        set_account(
            session, username=username, display_name=_NAMES[role], role=role,
            territory_id=int(place or 0), password=passwords[username],
        )  # fmt: skip
    return passwords


_NAMES = {
    "grid_manager": "演示网格管理员", "dispatcher": "演示调度员", "administrator": "演示管理员",
}  # fmt: skip


def keep_logins(settings: Settings, passwords: dict[str, str]) -> Path:
    """Writes the demo's passwords where only the owner of the data folder reads them."""
    path = settings.home_dir / FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(passwords, out)
    return path


def kept_logins(settings: Settings) -> dict[str, str]:
    """The demo's passwords of this data folder; empty when there is no demo."""
    path = settings.home_dir / FILE
    return json.loads(path.read_text()) if path.exists() else {}
