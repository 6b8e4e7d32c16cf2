"""What every command shares: one JSON document, messages on stderr, exit codes.

Exit codes: 0 done, 1 problems found, 2 wrong use, 3 service or database unavailable.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from gis import migrate
from gis.base.errors import LianjianError, ServiceUnavailable
from gis.base.runtime import Runtime
from gis.base.settings import settings

console = Console(stderr=True, highlight=False)


def command(name: str, **kw: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A click command with ``--json``. The function answers a dict (what JSON prints) and may
    answer (dict, exit code); ``_say`` in the dict is the text for people instead.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        @click.command(name, **kw)
        @click.option("--json", "as_json", is_flag=True, help="只在标准输出打印一份 JSON。")
        @functools.wraps(function)
        def run(as_json: bool, **arguments: Any) -> None:
            try:
                _answer(function(**arguments), as_json)
            except LianjianError as error:
                _fail(error, as_json)
            except OperationalError as error:
                _fail(_unavailable(error), as_json)

        return run

    return decorate


def _answer(result: Any, as_json: bool) -> None:
    document, code = result if isinstance(result, tuple) else (result, 0)
    document = dict(document or {})
    said = document.pop("_say", None)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, default=plain))
    elif said is not None:
        click.echo(said)
    elif document:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=plain))
    sys.exit(code)


def _fail(error: LianjianError, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False, default=plain))
    console.print(error.zh, style="red", markup=False)
    console.print(error.en, style="dim", markup=False)
    sys.exit(error.exit_code)


def _unavailable(error: SQLAlchemyError) -> ServiceUnavailable:
    first = str(getattr(error, "orig", error)).strip().splitlines()[0][:200]
    return ServiceUnavailable(
        f"数据库连不上：{first}", f"The database cannot be reached: {first}"
    )


def plain(value: Any) -> Any:
    """A value as JSON carries it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "as_dict"):
        return value.as_dict()
    return str(value)


def runtime() -> Runtime:
    """The database of this data folder, started and at the newest schema.

    An existing PostgreSQL is migrated only by ``lianjian migrate``: somebody else may share it.
    """
    made = Runtime(settings())
    present = migrate.present(made.owner)
    if present != migrate.head():
        if settings().database_url and present:
            raise ServiceUnavailable(
                "数据库结构较旧，请先运行 lianjian migrate。",
                "The database has an older schema; run lianjian migrate first.",
            )
        migrate.upgrade(made.urls.owner)
    return made


class Steps:
    """A progress bar on stderr, fed by ``(step, done, of)``."""

    def __init__(self, title: str) -> None:
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(), console=console,
        )  # fmt: skip
        self.task = self.progress.add_task(title, total=None)
        self.title = title

    def __enter__(self) -> Steps:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, step: str, done: int, of: int) -> None:
        self.progress.update(
            self.task, description=f"{self.title} · {step}", completed=done, total=of
        )


def table(rows: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """Rows as an aligned text table; Chinese signs count two columns."""
    cells = [list(columns.values())] + [
        ["" if row.get(c) is None else str(row.get(c)) for c in columns] for row in rows
    ]
    widths = [max(_width(line[i]) for line in cells) for i in range(len(columns))]
    return "\n".join(
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
        .rstrip()
        for line in cells
    )  # fmt: skip


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
