"""The ledger of service points. Their places come from map files, with a declared datum."""

from __future__ import annotations

from gis.base.ledger import Column, Ledger
from gis.facilities.tables import KINDS, Facility
from gis.territory.place_names import PLACE

FACILITIES = Ledger(
    key="facilities", title="设施台账", table=Facility,
    note="党群服务中心、综合平台、物业管理中心、安置点等。新增设施请导入带位置的地图文件。",
    columns=(
        Column(Facility.name, "设施名称", aliases=("名称",)),
        Column(Facility.kind, "类别", labels=KINDS),
        Column(Facility.territory_id, "所属辖区", via=PLACE, aliases=("辖区",)),
        Column(Facility.capacity, "容量", unit="人"),
        Column(Facility.location, "位置"),
        Column(Facility.source, "来源", is_read_only=True, is_listed=False),
        Column(Facility.is_synthetic, "演示数据", is_read_only=True),
    ),
    sort="territory_id", identity=("name", "territory_id"), can_add=False,
)  # fmt: skip
