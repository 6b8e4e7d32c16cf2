"""Commands that keep the service: migrate, doctor."""

from __future__ import annotations

import shutil
from typing import Any

from sqlalchemy import text

from gis import migrate as migrations
from gis.base import guards
from gis.base.errors import LianjianError
from gis.base.runtime import Runtime
from gis.base.settings import settings
from gis.cli.tools import command, runtime
from gis.schema import mapped


@command("migrate", help="把数据库升级到当前结构。Bring the database to the present schema.")
def migrate() -> dict[str, Any]:
    made = Runtime(settings())
    before = migrations.present(made.owner)
    migrations.upgrade(made.urls.owner)
    after = migrations.present(made.owner)
    return {"before": before, "after": after, "_say": f"{before or '空库'} → {after}"}


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
