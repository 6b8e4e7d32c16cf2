"""One Chinese term, one English noun: the words of the house, for pages, ledgers and documents."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "territory": "辖区", "city": "城市", "county": "区县", "street": "街道", "community": "社区",
    "grid": "网格", "general": "综合网格", "dedicated": "专属网格", "micro_grid": "微网格",
    "section": "片", "group": "组", "neighbourhood": "邻",
    "compound": "小区", "building": "楼栋", "entrance": "单元",
    "party_body": "党组织", "branch": "党支部", "owners_committee": "业委会",
    "property_firm": "物业公司", "support_unit": "后盾单位", "work_group": "工作组",
    "leader_link": "领导联点", "member": "成员", "volunteer": "志愿者", "account": "账号",
    "grid_lead": "网格长", "grid_worker": "网格员", "community_worker": "专职社区工作者",
    "registration": "双报到", "pledge": "包保", "ledger": "台账", "project": "项目",
    "facility": "设施", "coverage": "覆盖", "gap": "空白", "coverage_rate": "覆盖率",
    "calm": "平", "emergency": "急", "plan": "预案", "incident": "突发事件",
    "activation": "启动", "post": "岗位", "shift": "班次", "assignment": "派岗",
    "dispatcher": "调度员", "layer": "图层", "legend": "图例", "basemap": "底图", "datum": "坐标基准",
    "household": "户", "reserve": "在册力量", "shortfall": "缺口", "road": "道路",
}


def zh(term: str) -> str:
    """The Chinese term of an English noun. Raises KeyError for a word that is not ours."""
    return TERMS[term]
