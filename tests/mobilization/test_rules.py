"""Pure rules: posts by rate, shift windows, sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.base.errors import BadInput
from gis.mobilization.rules import (
    Rate,
    ShiftRule,
    lay_out_posts,
    sentence,
    shift_windows,
    shortfall_sentence,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIFTS = [ShiftRule(0, "白班", 8, 8), ShiftRule(1, "晚班", 16, 8), ShiftRule(2, "夜班", 0, 8)]


def compound(**kw):
    return pd.DataFrame([{"compound_id": 1, "area_share": 1.0, "households": 300, "gates": 2,
                          "buildings": 6, **kw}])  # fmt: skip


def rate(**kw):
    return Rate(**{"kind": "duty", "name": "值勤", "basis": "household", "per": 100, "people": 1,
                   "at_least": 0, "skills": 0, "priority": 2, "shift_nos": (0,), **kw})  # fmt: skip


@pytest.mark.parametrize(("households", "share", "needed"), [
    (300, 1.0, 3), (301, 1.0, 4), (300, 0.5, 2), (1, 0.01, 1), (0, 1.0, None), (100, 0.3, 1),
])  # fmt: skip
def test_people_by_household(households, share, needed):
    posts = lay_out_posts(compound(households=households, area_share=share), [rate()])
    assert (None if posts.empty else int(posts["needed"].iloc[0])) == needed


def test_gates_count_whole_however_little_is_touched():
    posts = lay_out_posts(compound(area_share=0.02), [rate(basis="gate", per=1, people=2)])
    assert posts["needed"].tolist() == [4]


def test_at_least_and_shifts():
    posts = lay_out_posts(
        compound(households=0), [rate(at_least=1, shift_nos=(0, 2)), rate(kind="none", per=9)]
    )
    assert posts[["kind", "shift_no", "needed"]].to_numpy().tolist() == [
        ["duty", 0, 1], ["duty", 2, 1],
    ]  # fmt: skip


@given(st.integers(0, 10**6), st.integers(1, 10**4), st.integers(1, 50))
def test_never_too_few_and_never_one_too_many(count, per, people):
    posts = lay_out_posts(compound(households=count), [rate(per=per, people=people)])
    needed = 0 if posts.empty else int(posts["needed"].iloc[0])
    assert needed * per >= count * people > (needed - 1) * per or needed == count == 0


@pytest.mark.parametrize(("hour_utc", "day", "evening", "night"), [
    (2, (2, 8), (8, 16), (16, 24)),   # 10:00: the day shift runs already
    (9, (24, 32), (9, 16), (16, 24)),  # 17:00: the next day shift is tomorrow's
    (19, (24, 32), (32, 40), (19, 24)),  # 03:00: the night shift runs
])  # fmt: skip
def test_shift_windows(hour_utc, day, evening, night):
    start = datetime(2026, 7, 1, hour_utc, tzinfo=UTC)
    windows = shift_windows(SHIFTS, start, SHANGHAI)
    base = datetime(2026, 7, 1, tzinfo=UTC)
    hours = {
        no: tuple((t - base).total_seconds() / 3600 for t in window)
        for no, window in windows.items()
    }
    assert hours == {0: day, 1: evening, 2: night}


def test_windows_of_one_shift_are_never_empty_and_never_begin_in_the_past():
    for hour in range(24):
        start = datetime(2026, 7, 1, hour, 30, tzinfo=UTC)
        for begins, ends in shift_windows(SHIFTS, start, SHANGHAI).values():
            assert start <= begins < ends


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(BadInput):
        shift_windows(SHIFTS, datetime(2026, 7, 1), SHANGHAI)


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_an_impossible_year_is_refused(year):
    with pytest.raises(BadInput):
        shift_windows(SHIFTS, datetime(year, 1, 1, tzinfo=UTC), SHANGHAI)


def test_sentences():
    assert sentence("own", 0, "walk", 0, is_estimated=False) == "本小区成员，就在本小区"
    said = sentence("near", 12.4, "drive", 90, is_estimated=True)
    assert said == "就近成员，乘车估计 12 分钟，改派他处总代价多 1.5 分钟"
    assert "会驾船、" in shortfall_sentence("nobody_eligible", 2, 45)
    assert "更急需" in shortfall_sentence("outbid", 0, 45)
