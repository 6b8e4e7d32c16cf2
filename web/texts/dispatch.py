"""English of incidents, activations, the board and the call list."""

from __future__ import annotations

EN: dict[str, str] = {
    "上报突发事件": "Report an incident", "上报": "Report", "范围": "Area", "事件": "Event",
    "在地图右上角画出、上传或按名称选取范围；马上看到里面有什么。":
        "Draw, upload or choose an area at the top right of the map; what it holds shows at once.",
    "涉及的小区与设施": "Compounds and facilities in it", "涉及": "Share", "名称": "Name",
    "类别": "Category", "事件分级": "Event grade", "未定": "not set",
    "例：6·18 澧水内涝": "e.g. Lishui flooding, 18 June",
    "自然灾害": "natural disaster", "事故灾难": "accident",
    "公共卫生事件": "public health event", "社会安全事件": "public security event",
    "特别重大": "I extremely serious", "重大": "II serious", "较大": "III major",
    "一般": "IV ordinary",
    "预案与试排": "Plan and trial", "预案": "Plan", "上岗开始": "Duty starts",
    "试排岗位与人员": "Try posts and people", "试排": "trial", "正在试排…": "Trying…",
    "试排不写入任何内容。": "A trial writes nothing.",
    "岗位": "Post", "需要": "Needed", "可派": "Can be sent", "缺口": "Gap", "按岗位": "By post",
    "派岗示例与理由": "Sample of assignments, with reasons",
    "从 {n} 名有空的在册成员中选派，用时 {s} 秒。":
        "Chosen from {n} free members in reserve in {s} s. ",
    "已证明按此预案没有代价更低的派法。": "Proved: under this plan nothing costs less. ",
    "已上报，待启动": "Reported, not activated", "看影响与试排": "See it and try a plan",
    "与最优下界相差 {g}。": "{g} above the proven bound. ",
    "没有道路数据，路程按直线估计。": "No roads known: travel is estimated by straight lines.",
    "缺口 {n} 个，及原因": "{n} places empty, and why",
    "{place} · {post} · 第 {no} 班 缺 {n} 人": "{place} · {post} · shift {no}: {n} missing",
    "本小区": "own compound", "包保单位": "pledged unit", "本社区": "own community", "就近": "near",
    "核对与启动": "Check and activate", "命令文号": "Order number", "文号": "Order",
    "发布机关": "Issuing authority", "核对确认": "your confirmation",
    "我已核对范围、岗位和缺口；启动由发布机关决定，系统只作记录。":
        "I have checked area, posts and gaps. The authority declares; the service records.",
    "启动预案": "Activate the plan", "正在启动…": "Activating…",
    "启动预案由调度员办理。": "Activation is for the dispatcher.",
    "还缺：{what}": "Still missing: {what}", "、": ", ",
    "已上报，编号 {n}。调度员可以看到它的范围和影响。":
        "Reported as number {n}. The dispatcher sees its area and what it touches.",
    "连不上服务，请检查网络后重试。":
        "The service cannot be reached; check the network and try again.",
    "应急响应": "Emergency response", "启动时派出": "Sent at the start",
    "启动时缺口": "Gap at the start", "现在没有启动的响应。": "No response is running.",
    "发生突发事件时：上报范围 → 看影响 → 选预案试排 → 核对 → 启动。":
        "When something happens: report the area → see what it holds → try a plan → check → "
        "activate.",
    "已启动": "running", "已解除": "stood down", "实时": "live",
    "连接中断，正在重连；下面是中断前的情况":
        "Connection lost, trying again; below is what was known before",
    "待应答": "Not answered", "已应答": "Acknowledged", "已到岗": "On post",
    "不能到岗": "Cannot come", "已派出": "sent", "已换下": "Relieved", "能到岗": "I can come",
    "要做什么": "What to do", "只看缺口": "Gaps only", "按小区名筛选": "Filter by compound",
    "各小区到岗情况，缺口最大的在前": "Posts by compound, widest gap first", "进展": "Progress",
    "到岗 {a} · 应答 {b} · 待答 {c} · 不能 {d}":
        "on post {a} · acknowledged {b} · waiting {c} · cannot {d}",
    "下载叫应名单（含电话和答复链接）": "Download the call list (phones and answer links)",
    "取用原因（记入日志）": "Reason (kept in the journal)", "下载名单": "Download",
    "解除响应…": "Stand down…", "解除响应": "Stand down", "依据或原因": "Grounds or reason",
    "解除后，所有未结束的派岗一并解除，成员的链接不再接受答复。不能撤回。":
        "All live assignments end with it and the members' links take no more answers. It cannot "
        "be undone.",
    "确认解除“{name}”的响应": "Yes, stand down the response to “{name}”",
    "响应已解除，仍在岗的派岗已一并解除。": "Stood down; live assignments ended with it.",
    "次日": "next day", "看地图": "See the map",
    "叫应名单": "Call list", "原因": "Reason",
    "在电话里问到答复后，由您代为登记；不能到岗要选原因。电话在下载的名单里。":
        "Enter what a member told you on the phone; a refusal needs its reason. Phone numbers are "
        "in the downloaded list.",
    "这个小区没有派出人员。": "Nobody was sent to this compound.",
    "仅用于本次响应，用后销毁。": "For this response only; destroy after use.",
    "班次开始": "Shift starts", "班次结束": "Shift ends", "姓名": "Name", "电话": "Phone",
    "关系": "Tie", "状态": "State", "备注": "Note", "答复链接": "Answer link",
}  # fmt: skip
