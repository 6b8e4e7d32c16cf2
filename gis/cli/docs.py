"""``lianjian docs``: the reference pages, made from the registries; a test compares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis import schema
from gis.base import glossary
from gis.base.access import PERMISSIONS, ROLES
from gis.base.errors import all_errors
from gis.base.ledger.describe import dictionary
from gis.base.settings import ROOT, Settings
from gis.base.workflow import Workflow
from gis.cli.tools import command
from gis.ledgers import LEDGERS

NOTE = "由 `lianjian docs` 从代码生成，请勿手改。Generated from the code; do not edit.\n"


@command("docs", help="从代码生成参考文档。Write the reference pages from the code.")
@click.option("--out", default=ROOT / "docs" / "reference", type=click.Path(path_type=Path),
              help="文件夹")  # fmt: skip
def docs(out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        (out / name).write_text(text, "utf-8")
    return {"pages": sorted(made), "_say": "\n".join(str(out / name) for name in sorted(made))}


def pages() -> dict[str, str]:
    """Every reference page by file name."""
    return {
        "settings.md": _settings(),
        "errors.md": _errors(),
        "permissions.md": _permissions(),
        "terms.md": _terms(),
        "workflows.md": _workflows(),
        "ledgers.md": _ledgers(),
        "tables.md": _tables(),
    }


def _page(title: str, head: list[str], rows: list[list[str]]) -> str:
    lines = [f"# {title}", "", NOTE, _row(head), _row(["---"] * len(head))]
    return "\n".join([*lines, *(_row(row) for row in rows)]) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"


def _settings() -> str:
    rows = [
        [f"`LIANJIAN_{name.upper()}`", f.description or "", _default(f.default)]
        for name, f in Settings.model_fields.items()
    ]
    return _page("设置 Settings", ["变量", "说明", "缺省"], rows)


def _default(value: Any) -> str:
    if isinstance(value, Path) and value.is_absolute():
        value = value.relative_to(ROOT)
    return "" if value in (None, "") else f"`{value}`"


def _errors() -> str:
    rows = [
        [f"`{e.code}`", str(e.status), str(e.exit_code), (e.__doc__ or "").split("\n")[0]]
        for e in all_errors()
        if "code" in vars(e) and e.__module__.startswith("gis.base")
    ]
    return _page("错误 Errors", ["代码", "HTTP", "退出码", "意思"], rows)


def _permissions() -> str:
    rows = [
        [f"`{name}`", zh, *("✓" if role in roles else "" for role in ROLES)]
        for name, (zh, roles) in PERMISSIONS.items()
    ]
    return _page("权限 Permissions", ["权限", "说明", *ROLES.values()], rows)


def _terms() -> str:
    rows = [[zh, f"`{term}`"] for term, zh in glossary.TERMS.items()]
    return _page("术语 Terms", ["中文", "英文"], rows)


def _workflows() -> str:
    rows = [
        [f"`{flow.name}`", f"`{m.verb}` {m.zh}", "、".join(flow.states[s] for s in m.sources),
         flow.states[m.target], "是" if m.needs_reason else "", f"`{m.permission or ''}`"]
        for _, flow in sorted(Workflow.registry.items()) for m in flow.moves
    ]  # fmt: skip
    head = ["流程", "动作", "从", "到", "要原因", "权限"]
    return _page("流程 Workflows", head, rows)


def _ledgers() -> str:
    parts = ["# 台账 Ledgers", "", NOTE]
    for key, ledger in LEDGERS.items():
        parts += [f"## {ledger.title} `{key}`", "", *dictionary(ledger), ""]
    return "\n".join(parts)


def _tables() -> str:
    rows = [
        [f"`{cls.__tablename__}`", cls.__scope__, (cls.__doc__ or "").split("\n")[0]]
        for cls in schema.mapped()
    ]
    return _page("数据表 Tables", ["表", "隔离方式", "内容"], sorted(rows))
