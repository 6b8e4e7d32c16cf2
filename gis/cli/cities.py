"""Commands that bring a city in: demo, import."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import text

from gis.base.errors import BadInput, Conflict
from gis.base.settings import settings
from gis.cli.tools import Steps, command, console, runtime
from gis.demo import city as demo_city
from gis.demo import logins
from gis.demo.seed import write_city
from gis.geo.datum import DATUMS
from gis.intake import actions as intake
from gis.intake import osm_city
from gis.mobilization.warm import warm

_HAS_DEMO = text("SELECT EXISTS (SELECT FROM territory WHERE edition = 'NBS2023')")


def seed_demo(scale: float, seed: int) -> dict[str, Any]:
    """Makes the demo city in this data folder unless it is there; its rows and log-ins."""
    made = runtime()
    with made.read() as session:
        has_demo = bool(session.execute(_HAS_DEMO).scalar())
    if has_demo:
        return {"rows": {}, "logins": logins.kept_logins(settings()), "is_new": False}
    with Steps("生成演示城市") as steps:
        frames = demo_city.generate(scale, seed, steps)
    try:
        with Steps("写入数据库") as steps, made.load() as session:
            rows = write_city(session, settings(), frames, steps)
            passwords = logins.make_logins(session)
            logins.keep_logins(settings(), passwords)
    except Conflict:  # somebody else seeded it in the meantime
        return {"rows": {}, "logins": logins.kept_logins(settings()), "is_new": False}
    made.analyze()
    warm()
    made.close()
    return {"rows": rows, "logins": passwords, "is_new": True}


def say_logins(passwords: dict[str, str]) -> str:
    """The demo's log-ins as lines for the terminal."""
    names = {"grid": "网格管理员", "dispatch": "调度员", "admin": "管理员"}
    return "\n".join(
        f"  {names.get(user, user)}：用户名 {user}  密码 {password}"
        for user, password in passwords.items()
    )


@command("demo", help="演示城市：建库、造数、启动服务。Seed the demo city and serve it.")
@click.option("--scale", default=1.0, show_default=True, type=float, help="规模，1 为原文数字")
@click.option("--seed", default=demo_city.SEED, show_default=True, type=int, help="随机种子")
@click.option("--no-serve", is_flag=True, help="只造数据，不启动服务")
@click.pass_context
def demo(context: click.Context, scale: float, seed: int, no_serve: bool) -> dict[str, Any]:
    try:
        made = seed_demo(scale, seed)
    except ValueError as error:
        raise BadInput(f"参数不对：{error}", str(error)) from None
    if no_serve:
        return {**made, "_say": say_logins(made["logins"])}
    console.print("演示数据为合成，仅区县界与地名、代码为真实。")
    console.print(say_logins(made["logins"]), markup=False)
    serve = context.find_root().command.get_command(context, "serve")  # type: ignore[attr-defined]
    context.invoke(serve, as_json=False, host=settings().host, port=settings().port)
    return {}


@click.group("import", help="导入文件。Import a file.")
def import_group() -> None:
    """Kinds of files."""


@command("osm", help="OpenStreetMap 摘录作为一个城市。An extract (.osm.pbf) as a city.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", default=None, help="城市名，默认取自文件")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
def import_osm(path: Path, name: str | None, dry_run: bool) -> tuple[dict[str, Any], int]:
    with runtime().begin() as session:
        result, city_id = osm_city.import_osm(session, path, _today(), name=name)
        if dry_run:
            session.rollback()
    document = {**result.as_dict(), "city_id": None if dry_run else city_id, "is_dry_run": dry_run}
    return _imported(document)


@command("compounds", help="小区边界：GeoJSON、GPKG、Shapefile。Compound polygons.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--datum", type=click.Choice(DATUMS), default=None, help="坐标基准")
@click.option("--crs", default=None, help="坐标系，如 EPSG:4546")
@click.option("--layer", default=None, help="多图层文件中的图层名")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
def import_compounds(
    path: Path, datum: str | None, crs: str | None, layer: str | None, dry_run: bool
) -> tuple[dict[str, Any], int]:
    with runtime().begin() as session:
        result = intake.import_compounds(
            session, settings(), path, _today(), crs=crs, datum=datum, layer=layer
        )
        if dry_run:
            session.rollback()
    return _imported({**result.as_dict(), "is_dry_run": dry_run})


def _imported(document: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The document with its text; exit code 1 when a record was refused."""
    lines = [
        f"读入 {document['read']}：采用 {document['applied']}，修复 {document['repaired']}，"
        f"拒绝 {document['refused']}" + ("（试运行，未写入）" if document["is_dry_run"] else "")
    ]
    for problem in document["problems"][:40]:
        at = f"第 {problem['row']} 条 " if problem["row"] else ""
        lines.append(f"  {at}{problem['message']}")
    document["_say"] = "\n".join(lines)
    return document, 1 if document["refused"] else 0


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


import_group.add_command(import_osm)
import_group.add_command(import_compounds)
