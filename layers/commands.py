"""``lianjian layers`` and ``lianjian map``: layers on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis.base.errors import BadInput
from gis.cli.tools import command, runtime, table
from gis.territory import queries as territory
from layers.catalog import LAYERS
from layers.compose import EXPORTS, export_html


@command("layers", help="列出图层。List the layers.")
def list_layers() -> dict[str, Any]:
    rows = [layer.as_dict() for layer in LAYERS.values()]
    columns = {"key": "编号", "title_zh": "图层", "kind": "种类", "permission": "权限"}
    return {"layers": rows, "_say": table(rows, columns)}


@command("map", help="把图层写成一个可离线打开的网页。Write a layer as one offline HTML file.")
@click.argument("key")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="文件")
@click.option("--city", "code", default=None, help="城市名，缺省为第一个")
def draw_map(key: str, out: Path, code: str | None) -> dict[str, Any]:
    if key not in EXPORTS:
        raise BadInput(
            f"没有可导出的图层“{key}”。可用：{'、'.join(EXPORTS)}。",
            f"There is no layer {key!r} to export. Known: {', '.join(EXPORTS)}.",
        )
    with runtime().read() as session:
        cities = [c for c in territory.cities(session) if code is None or c.name == code]
        if not cities:
            raise BadInput("没有这个城市。", "There is no such city.")
        city = cities[0]
        html = export_html(
            session, key, bounds=(city.west, city.south, city.east, city.north),
            source=city.attribution,
        )  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html, "utf-8")
    size = out.stat().st_size
    return {"out": str(out), "bytes": size, "_say": f"{out}（{size / 1e6:.2f} MB）"}
