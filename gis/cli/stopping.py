"""``lianjian stop``."""

from __future__ import annotations

from typing import Any

from gis.base import cluster
from gis.base.settings import settings
from gis.cli.tools import command


@command("stop", help="停止内置数据库。Stop the embedded database.")
def stop() -> dict[str, Any]:
    cluster.stop(settings())
    return {"stopped": True, "_say": "已停止。"}
