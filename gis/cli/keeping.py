"""Commands that keep the service: migrate, stop, doctor, account, docs."""

from __future__ import annotations

import shutil
from typing import Any

import click
from sqlalchemy import text

from gis import migrate as migrations
from gis.accounts.actions import new_password, set_account
from gis.base import cluster, guards
from gis.base.access import ROLES
from gis.base.errors import LianjianError
from gis.base.runtime import Runtime
from gis.base.settings import settings
from gis.cli.tools import command, runtime
from gis.schema import mapped
from gis.territory import queries as territory


@command("migrate", help="把数据库升级到当前结构。Bring the database to the present schema.")
def migrate() -> dict[str, Any]:
    made = Runtime(settings())
    before = migrations.present(made.owner)
    migrations.upgrade(made.urls.owner)
    after = migrations.present(made.owner)
    return {"before": before, "after": after, "_say": f"{before or '空库'} → {after}"}


@command("stop", help="停止内置数据库。Stop the embedded database.")
def stop() -> dict[str, Any]:
    cluster.stop(settings())
    return {"stopped": True, "_say": "已停止。"}


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


@command("doctor", help="检查数据库、策略与磁盘。Check database, policies and disk.")
def doctor() -> tuple[dict[str, Any], int]:
    checks = list(_checks())
    good = all(check["is_good"] for check in checks)
    said = "\n".join(
        f"{'✓' if check['is_good'] else '✗'} {check['name']}：{check['found']}" for check in checks
    )
    return {"is_good": good, "checks": checks, "_say": said}, 0 if good else 1


def _checks() -> Any:
    def answer(name: str, is_good: bool, found: Any) -> dict[str, Any]:
        return {"name": name, "is_good": bool(is_good), "found": str(found)}

    free = shutil.disk_usage(settings().home_dir).free / 1e9
    yield answer("磁盘剩余 GB", free > 1, f"{free:.1f}")
    try:
        made = runtime()
    except LianjianError as error:
        yield answer("数据库", False, error.zh)
        return
    with made.read() as session:
        yield answer("PostGIS", True, session.scalar(text("SELECT postgis_lib_version()")))
        yield answer("结构版本", True, migrations.present(made.service))
        rights = session.execute(
            text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).scalar()
        yield answer("服务角色受行策略约束", not rights, "是" if not rights else "否")
        for name in ("geometry_overlaps", "st_intersects"):
            leakproof = session.scalar(
                text("SELECT bool_and(proleakproof) FROM pg_proc WHERE proname = :n "
                     "AND pg_get_function_identity_arguments(oid) LIKE '%geometry%geometry%'"),
                {"n": name},
            )  # fmt: skip
            needed = name == "geometry_overlaps"
            yield answer(f"{name} LEAKPROOF", leakproof or not needed, leakproof)
    missing = guards.missing(made.owner, mapped())
    yield answer("每张表都有行策略", not missing, "是" if not missing else ", ".join(missing))


COMMANDS = (migrate, stop, account, doctor)
