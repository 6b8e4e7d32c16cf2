"""The ledger of members: names for those who may see them, phones masked, never exported.

Nothing here can be ordered by what a person does: no ranking of named people.
"""

from __future__ import annotations

from gis.base.ledger import Column, Ledger, Sealed
from gis.organizations.ledger import UNIT
from gis.people.tables import SHIFTS, SKILLS, Member
from gis.territory.place_names import COMMUNITY, COMPOUND

MEMBERS = Ledger(
    key="members", title="党员台账", table=Member,
    note="在册党员：姓名、单位、居住小区（不记门牌）、特长、时段。电话加密存放，只显示首尾。",
    columns=(
        Column(Member.name, "姓名"),
        Column(Member.support_unit_id, "单位", via=UNIT, aliases=("工作单位",)),
        Column(Member.home_compound_id, "居住小区", via=COMPOUND, aliases=("小区",)),
        Column(Member.home_community_id, "居住社区", via=COMMUNITY, aliases=("社区",),
               note="没有小区时填"),
        Column(Member.skills, "特长", labels=SKILLS, is_flags=True, is_sortable=False),
        Column(Member.hours_offered, "可服务时段", labels=SHIFTS, is_flags=True,
               is_sortable=False),
        Column(Member.is_reserve, "在册", is_sortable=False),
        Column(Member.phone_sealed, "电话", aliases=("手机号", "手机"),
               sealed=Sealed("phone", "member.phone", Member.phone_salt, Member.phone_index)),
        Column(Member.is_synthetic, "演示数据", is_read_only=True, is_sortable=False),
    ),
    read="member.read", export=None, is_personal=True, sort="home_compound_id",
    identity=("name", "support_unit_id", "home_compound_id"),
    refusals={"ck_member_home": ("home_compound_id", "居住小区或居住社区至少填一个")},
)  # fmt: skip
