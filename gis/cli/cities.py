"""``lianjian import``: files become cities and compounds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from gis.base.settings import settings
from gis.cli.tools import command, runtime
from gis.geo.datum import DATUMS
from gis.intake import actions as intake
from gis.intake import osm_city


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
