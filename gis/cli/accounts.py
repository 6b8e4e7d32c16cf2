"""``lianjian account``."""

from __future__ import annotations

from typing import Any

import click

from gis.accounts.actions import new_password, set_account
from gis.base.access import ROLES
from gis.cli.tools import command, runtime
from gis.territory import queries as territory


@command("account", help="新建账号或重设密码。Make an account or set a new password.")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="角色")
@click.option("--territory", "code", required=True, help="辖区代码，例如 430802001")
@click.option("--name", "display_name", default="", help="显示的名字")
def account(username: str, role: str, code: str, display_name: str) -> dict[str, Any]:
    password = new_password()
    with runtime().begin() as session:
        unit = territory.unit_by_code(session, code)
        set_account(
            session, username=username, display_name=display_name or username, role=role,
            territory_id=unit.territory_id, password=password,
        )  # fmt: skip
    said = f"{username}（{ROLES[role]}，{unit.name}）密码：{password}"
    return {"username": username, "password": password, "territory": unit.name, "_say": said}
