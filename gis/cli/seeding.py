"""Making the demo city. Apart from ``lianjian demo``, because a second start needs none of it."""

from __future__ import annotations

from typing import Any

import click

from gis.base.errors import BadInput, Conflict
from gis.base.settings import settings
from gis.cli.tools import Steps, runtime
from gis.demo import city as demo_city
from gis.demo import logins
from gis.demo.seed import write_city
from gis.mobilization.warm import warm


@click.command("seed", hidden=True)
@click.option("--scale", default=1.0, type=float)
@click.option("--seed", "number", default=None, type=int)
def seed(scale: float, number: int | None) -> dict[str, Any]:
    """Makes the demo city in this data folder; its rows and log-ins."""
    made = runtime()
    try:
        with Steps("生成演示城市") as steps:
            frames = demo_city.generate(scale, number or demo_city.SEED, steps)
    except ValueError as error:
        raise BadInput(f"参数不对：{error}", str(error)) from None
    try:
        with Steps("写入数据库") as steps, made.load() as session:
            rows = write_city(session, settings(), frames, steps)
            passwords = logins.make_logins(session)
            # Before the commit: a city whose log-ins nobody knows would be of no use.
            logins.keep_logins(settings(), passwords)
    except Conflict:  # somebody else seeded it in the meantime
        return {"rows": {}, "logins": logins.kept_logins(settings()), "is_new": False}
    made.analyze()
    warm()
    made.close()
    return {"rows": rows, "logins": passwords, "is_new": True}
