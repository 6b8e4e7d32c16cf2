"""``lianjian demo``: the synthetic city, made once, and the service on it."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import text

from gis.base import cluster
from gis.base.settings import settings
from gis.cli.tools import command, console, runtime
from gis.demo import logins

_HAS_DEMO = text("SELECT EXISTS (SELECT FROM territory WHERE edition = 'NBS2023')")


@command("demo", help="演示城市：建库、造数、启动服务。Seed the demo city and serve it.")
@click.option("--scale", default=1.0, show_default=True, type=float, help="规模，1 为原文数字")
@click.option("--seed", default=None, type=int, help="随机种子，缺省 430800")
@click.option("--no-serve", is_flag=True, help="只造数据，不启动服务")
@click.pass_context
def demo(context: click.Context, scale: float, seed: int | None, no_serve: bool) -> dict[str, Any]:
    made = _present_city() or context.invoke(_command(context, "seed"), scale=scale, number=seed)
    if no_serve:
        return {**made, "_say": say_logins(made["logins"])}
    console.print("演示数据为合成，仅区县界与地名、代码为真实。")
    console.print(say_logins(made["logins"]), markup=False)
    try:
        context.invoke(_command(context, "serve"), as_json=False, host=None, port=None)
    finally:  # Ctrl-C stops all of it; the data stay
        cluster.stop(settings())
    return {}


def _command(context: click.Context, name: str) -> click.Command:
    """A command of the whole line, imported only now."""
    return context.find_root().command.get_command(context, name)  # type: ignore[attr-defined]


def _present_city() -> dict[str, Any] | None:
    """The demo city that is there already, or None. Log-ins whose file was lost are made anew."""
    made = runtime()
    with made.read() as session:
        if not session.scalar(_HAS_DEMO):
            return None
    passwords = logins.kept_logins(settings())
    if not passwords:
        with made.begin() as session:
            passwords = logins.make_logins(session)
            logins.keep_logins(settings(), passwords)
    made.close()
    return {"rows": {}, "logins": passwords, "is_new": False}


def say_logins(passwords: dict[str, str]) -> str:
    """The demo's log-ins as lines for the terminal."""
    names = {"grid": "网格管理员", "dispatch": "调度员", "admin": "管理员"}
    return "\n".join(
        f"  {names.get(user, user)}：用户名 {user}  密码 {password}"
        for user, password in passwords.items()
    )
