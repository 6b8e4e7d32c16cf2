"""``lianjian serve``: the service."""

from __future__ import annotations

from typing import Any

import click

from gis.base.settings import settings
from gis.cli.tools import command, console, runtime
from web.serve import serve as run


@command("serve", help="启动服务。Serve the pages and the API.")
@click.option("--host", default=None, help="监听地址")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="端口")
def serve(host: str | None, port: int | None) -> dict[str, Any]:
    given = {"host": host, "port": port}
    chosen = settings().model_copy(update={k: v for k, v in given.items() if v is not None})
    runtime().close()
    console.print(f"http://{chosen.host}:{chosen.port}  （Ctrl-C 停止）", markup=False)
    run(chosen)
    return {}
