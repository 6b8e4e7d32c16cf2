"""English of what every page shows: frame, log-in, errors, help, coverage table, journal."""

from __future__ import annotations

EN: dict[str, str] = {
    "联建一张图": "Lianjian",
    "登录": "Log in",
    "退出": "Log out",
    "用户名": "User name",
    "密码": "Password",
    "跳到正文": "Skip to content",
    "菜单": "Menu",
    "一张图": "Map",
    "覆盖": "Coverage",
    "台账": "Ledgers",
    "应急": "Emergency",
    "日志": "Journal",
    "帮助": "Help",
    "平": "Calm",
    "急": "Emergency",
    "返回首页": "Back to the start",
    "刷新重试": "Reload",
    "社区网格平时一张图，急时一张图": "One map for community grids, in calm and in emergency",
    "没有办成": "That did not work",
    "没有找到": "Not found",
    "没有权限": "Not allowed",
    "暂时不可用": "Not available just now",
    "管理员": "Administrator",
    "网格管理员": "Grid manager",
    "调度员": "Dispatcher",
    "审计员": "Auditor",
    "看板": "Board",
    "预计结束": "expected end",
    "已过预计结束时间": "past its expected end",
    "演示数据：合成，不是真实小区": "Demo data: synthetic, not real compounds",
    "审计日志": "Journal",
    "谁在何时做了什么；只可追加，逐条相扣，改动会被发现。":
        "Who did what and when; append-only and chained, so that a change is found.",
    "谁": "Who",
    "做了什么": "What",
    "对象": "Subject",
    "详情": "Details",
    "还没有记录。": "Nothing yet.",
    "更早的记录": "Earlier entries",
    "设置账号": "set an account",
    "取用叫应名单": "took the call list",
    "导入": "imported",
    "导出": "exported",
    "撤销导入": "undid an import",
    "启动": "activation",
    "突发事件": "incident",
    "账号": "account",
    "平时": "In calm",
    "“一张图”：每个网格、小区由谁服务，缺什么。点一个小区看卡片；图例上的数就是图上画的数。":
        "Map: who serves each grid and compound, and what is missing. Click a compound for its "
        "card; the numbers of the legend are those of the things drawn.",
    "“覆盖”：按区县、街道、社区、网格列出覆盖率；“只看空白”是工作清单。":
        "Coverage: rates by county, street, community and grid; “Gaps only” is the work list.",
    "“台账”：查询、导入、导出；导入前先看问题清单。":
        "Ledgers: look up, import, export; an import shows its problems first.",
    "急时": "In an emergency",
    "“应急 → 上报突发事件”：画出或上传范围，马上看到涉及的小区、户数、力量和设施。":
        "Emergency → Report an incident: draw or upload the area and see at once the compounds, "
        "households, reserve and facilities in it.",
    "选预案，试排。试排不写入任何内容；看清缺口和原因。":
        "Choose a plan and try it. A trial writes nothing; look at the gaps and why.",
    "填命令文号、发布机关、预计结束，核对后启动。启动由人决定，系统只作记录。":
        "Enter order number, authority and expected end, check, activate. A person declares; the "
        "service records.",
    "在看板上跟进：缺口在前，答复随到随显。地图打不开时，列表照样能用。":
        "Follow it on the board: gaps first, answers as they come. The list works without the map.",
    "结束后解除响应；到期未解除的会在页面顶端提示。":
        "Stand down at the end; one that is past its expected end is shown at the top of pages.",
    "这里没有的": "What is not here",
    "没有居民名册、身份证号、人脸、轨迹、重点人员名单，不给任何人打分排名，平时不要求签到。":
        "No register of residents, no ID numbers, faces, tracks or lists of persons, no scores or "
        "rankings of anybody, no check-in in calm times.",
}
