"""The ledgers of branches, owners' committees, support units and pledges."""

from __future__ import annotations

from gis.base.ledger import Column, Ledger, Named
from gis.organizations.actions import move_committee
from gis.organizations.tables import Branch, OwnersCommittee, Pledge, SupportUnit
from gis.territory.place_names import COMPOUND

_UNIT_LEVELS = {"central": "中央驻张", "province": "省直", "city": "市直", "county": "区县直"}
_FROM_SHEET = {"source": "表格导入"}

UNIT = Named(SupportUnit.support_unit_id, SupportUnit.name, "后盾单位")

BRANCHES = Ledger(
    key="branches", title="党支部台账", table=Branch, note="小区党支部：一个小区至多一个。",
    columns=(
        Column(Branch.compound_id, "小区", via=COMPOUND, aliases=("所属小区",)),
        Column(Branch.name, "党支部名称", aliases=("名称", "支部名称")),
        Column(Branch.founded_on, "成立日期"),
        Column(Branch.source, "来源", is_read_only=True, is_listed=False),
        Column(Branch.is_synthetic, "演示数据", is_read_only=True),
    ),
    sort="compound_id", identity=("compound_id",), defaults=_FROM_SHEET,
    refusals={"uq_branch_compound_id": ("compound_id", "这个小区已有党支部")},
)  # fmt: skip

OWNERS_COMMITTEES = Ledger(
    key="owners_committees", title="业委会台账", table=OwnersCommittee,
    note="业委会：一个小区至多一个；筹备、选举、备案、届满按流程推进。",
    columns=(
        Column(OwnersCommittee.compound_id, "小区", via=COMPOUND, aliases=("所属小区",)),
        Column(OwnersCommittee.state, "状态"),
        Column(OwnersCommittee.elected_on, "选举日期"),
        Column(OwnersCommittee.term_due_on, "届满日期", aliases=("任期届满",)),
        Column(OwnersCommittee.source, "来源", is_read_only=True, is_listed=False),
        Column(OwnersCommittee.is_synthetic, "演示数据", is_read_only=True),
    ),
    sort="compound_id", identity=("compound_id",), defaults=_FROM_SHEET,
    refusals={
        "uq_owners_committee_compound_id": ("compound_id", "这个小区已有业委会"),
        "ck_owners_committee_term": ("term_due_on", "届满日期应晚于选举日期"),
    },
    move=move_committee,
)  # fmt: skip

SUPPORT_UNITS = Ledger(
    key="support_units", title="后盾单位台账", table=SupportUnit,
    note="全市共用一份，由全市范围的账号维护。",
    columns=(
        Column(SupportUnit.name, "单位名称", aliases=("单位", "名称")),
        Column(SupportUnit.level, "层级", labels=_UNIT_LEVELS),
        Column(SupportUnit.site, "位置"),
        Column(SupportUnit.is_synthetic, "演示数据", is_read_only=True),
    ),
    sort="name", identity=("name",),
    refusals={"uq_support_unit_name": ("name", "已有同名的单位")},
)  # fmt: skip

PLEDGES = Ledger(
    key="pledges", title="包保台账", table=Pledge,
    note="单位对小区的包保：一个小区一个 A 角、一个 B 角，不能是同一单位。",
    columns=(
        Column(Pledge.compound_id, "小区", via=COMPOUND, aliases=("所属小区",)),
        Column(Pledge.role, "角色", labels={"A": "A 角", "B": "B 角"}),
        Column(Pledge.support_unit_id, "包保单位", via=UNIT, aliases=("后盾单位", "单位")),
        Column(Pledge.is_synthetic, "演示数据", is_read_only=True),
    ),
    sort="compound_id", identity=("compound_id", "role"),
    refusals={
        "uq_pledge_compound_id_role": ("role", "这个小区的这一角已有单位"),
        "uq_pledge_support_unit_id_compound_id":
            ("support_unit_id", "这个单位在这个小区已有一角；A、B 角不能是同一单位"),
    },
)  # fmt: skip
