"""The ledgers of compounds and grids: what a sheet may correct. Shapes come from maps."""

from __future__ import annotations

from gis.base.ledger import Column, Ledger
from gis.territory.place_names import PLACE
from gis.territory.tables import Territory

_GRID_KINDS = {"general": "综合网格", "dedicated": "专属网格", "micro_grid": "微网格"}
_SHARED = (
    Column(Territory.local_code, "本地编码", aliases=("编码",)),
    Column(Territory.households, "户数", unit="户"),
)
_ENDS = (
    Column(Territory.anchor, "位置"),
    Column(Territory.is_synthetic, "演示数据", is_read_only=True),
)

COMPOUNDS = Ledger(
    key="compounds", title="小区台账", table=Territory,
    note="小区的名称、户数、出入口。新增小区请导入带边界的地图文件。",
    columns=(
        Column(Territory.name, "小区名称", aliases=("小区", "名称")),
        Column(Territory.parent_id, "上级辖区", via=PLACE, is_read_only=True),
        *_SHARED,
        Column(Territory.gates, "出入口", unit="个"),
        *_ENDS,
    ),
    where=(Territory.level == "compound", Territory.valid_to.is_(None)),
    sort="parent_id", identity=("name", "parent_id"), can_add=False, is_unit=True,
    place=Territory.lo,
)  # fmt: skip

GRIDS = Ledger(
    key="grids", title="网格台账", table=Territory,
    note="网格的名称、类别、户数。新增网格请导入带边界的地图文件。",
    columns=(
        Column(Territory.name, "网格名称", aliases=("网格", "名称")),
        Column(Territory.kind, "类别", labels=_GRID_KINDS),
        Column(Territory.parent_id, "上级辖区", via=PLACE, is_read_only=True),
        *_SHARED,
        *_ENDS,
    ),
    where=(Territory.level == "grid", Territory.valid_to.is_(None)),
    sort="parent_id", identity=("name", "parent_id"), can_add=False, is_unit=True,
    place=Territory.lo,
)  # fmt: skip
