"""English of the coverage map, the compound's card and the coverage table."""

from __future__ import annotations

EN: dict[str, str] = {
    "地图": "Map",
    "地图需要 JavaScript；旁边的列表不需要。":
        "The map needs JavaScript; the list beside it does not.",
    "覆盖一张图": "Coverage",
    "城市": "City", "区县": "County", "街道": "Street", "社区": "Community", "网格": "Grids",
    "小区": "Compounds", "户数": "Households", "楼栋": "Buildings", "在册力量": "Reserve",
    "设施": "Facilities", "项目": "Projects", "未知": "unknown", "无": "none",
    "有党支部": "With a branch", "有业委会": "With a committee", "无党支部": "No branch",
    "空白最多的街道": "Streets with the most gaps",
    "{gap} / {all} 个小区无党支部": "{gap} of {all} compounds have no branch",
    "您的范围内每个小区都有党支部。": "Every compound in your territory has a branch.",
    "全部空白": "All gaps",
    "点一个小区看它的卡片。地图显示地方、岗位和承诺，不显示居民。":
        "Click a compound for its card. The map shows places, posts and promises, not residents.",
    "党支部": "Branch", "业委会": "Owners' committee", "物业公司": "Property firm",
    "包保 A 角": "Pledged unit A", "包保 B 角": "Pledged unit B", "工作组": "Work group",
    "楼栋 / 出入口": "Buildings / gates", "未结项目": "Open projects",
    "有党组织": "has a party body", "届满 {day}": "term ends {day}",
    "；另有 {n} 项": "; {n} more", "少于 5 人": "fewer than 5", "{n} 人": "{n} people",
    "合成数据": "synthetic data",
    "三方齐全": "branch, committee and firm",
    "有党支部，缺业委会或物业": "branch, but committee or firm is missing",
    "无支部，有业委会": "no branch, has a committee",
    "无支部，仅有物业": "no branch, only a firm", "三方皆无": "None of the three",
    "筹备中": "being prepared", "已选举": "elected", "已备案": "filed", "届满待换届": "term due",
    "覆盖与空白": "Coverage and gaps", "在地图上看": "See on the map", "层级": "Level",
    "全部": "All", "只看空白": "Gaps only", "空白": "Gap", "每千户": "Per 1,000 households",
    "覆盖表": "Coverage table", "没有要列出的单元。": "Nothing to list.",
    "百分数是小区数的占比；“—”表示该单元没有小区。空白 = 没有党支部的小区。":
        "Percentages are shares of compounds; “—” means the unit has none. Gap: compounds without "
        "a branch.",
}  # fmt: skip
