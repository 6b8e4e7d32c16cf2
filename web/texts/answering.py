"""English of the phone page behind an answer link."""

from __future__ import annotations

EN: dict[str, str] = {
    "派岗答复": "Answer your call-out",
    "链接不能用了": "This link no longer works",
    "返回派岗页面": "Back to your post",
    "响应已解除，不用到岗。谢谢您。": "The response has ended; you need not come. Thank you.",
    "已收到：您能到岗。": "Received: you can come.",
    "到达后请按“已到岗”。": "When you get there, press “On post”.",
    "已收到：您已到岗。": "Received: you are on post.",
    "换班或解除时由调度员通知。": "The dispatcher will tell you when you are relieved.",
    "已收到：您不能到岗。": "Received: you cannot come.",
    "调度员会另派人。如情况有变，请直接联系调度员。":
        "The dispatcher will send somebody else. If that changes, call your dispatcher.",
    "{name}，请答复能否到岗。": "{name}, can you come?",
    "地点": "Place",
    "时间": "Time",
    "原因（必选）": "Reason (required)",
    "请选择": "Choose",
    "确认不能到岗": "Yes, I cannot come",
    "身体原因": "health", "不在本地": "out of town", "单位值守": "on duty at work",
    "照护家人": "caring for family", "其他": "other",
    "此页只给您本人；不收集位置，不用安装应用。":
        "This page is for you alone; it collects no location and needs no app.",
}  # fmt: skip
