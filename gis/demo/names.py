"""Made-up names. Every one says that it is a demonstration; none belongs to a real person."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = (
    "桂花",
    "梧桐",
    "香樟",
    "枫林",
    "翠竹",
    "玉兰",
    "杜鹃",
    "紫薇",
    "银杏",
    "丹桂",
    "芙蓉",
    "海棠",
    "金桔",
    "青松",
    "百合",
    "荷香",
    "映山",
    "望江",
    "临溪",
    "听泉",
    "云栖",
    "晨曦",
    "朝阳",
    "锦绣",
    "和顺",
    "安居",
    "康宁",
    "福源",
    "吉祥",
    "如意",
    "同心",
    "友邻",
    "祥和",
    "明珠",
    "阳光",
    "星河",
    "书香",
    "文苑",
    "滨河",
    "山水",
    "碧云",
    "清风",
    "丰泽",
    "瑞景",
    "金鼎",
    "龙泉",
    "凤鸣",
    "鹿苑",
)
SECOND = (
    "苑",
    "园",
    "花园",
    "家园",
    "新村",
    "小区",
    "公寓",
    "华庭",
    "雅居",
    "名都",
    "里",
    "坊",
    "佳苑",
    "馨园",
    "丽景",
    "新城",
)


def compound_names(street: np.ndarray, rng) -> np.ndarray:
    """“桂花苑·演”, unique inside a street; when the stock is used up, 二期, 三期 and so on."""
    stock = np.array([a + b for a in FIRST for b in SECOND], dtype=object)
    named = np.empty(len(street), dtype=object)
    for s in np.unique(street):
        rows = np.flatnonzero(street == s)
        lap, pick = np.divmod(np.arange(len(rows)), len(stock))
        shuffled = stock[rng.permutation(len(stock))]
        phase = np.where(lap > 0, np.char.add((lap + 1).astype(str), "期"), "").astype(object)
        named[rows] = shuffled[pick] + phase + "·演"
    return named


def numbered(prefix: str, n: int, digits: int, suffix: str = "") -> pd.Series:
    """prefix0001suffix … as text."""
    width = max(digits, len(str(n)))
    return prefix + pd.Series(np.arange(1, n + 1)).astype(str).str.zfill(width) + suffix
