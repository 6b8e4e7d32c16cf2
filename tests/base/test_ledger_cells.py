"""Cells as people write them: money, numbers, days, choices; reading back changes nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.base.ledger import amounts
from gis.base.ledger.kinds import Kind
from gis.base.sheets.cells import CellProblem, text_of
from gis.base.sheets.reading import neutral
from gis.ledgers import LEDGERS

PROJECTS, MEMBERS = LEDGERS["projects"], LEDGERS["members"]
BUDGET, KIND = PROJECTS.by_key["budget_fen"], PROJECTS.by_key["kind"]


def kind_of(ledger: str, key: str) -> Kind:
    return LEDGERS[ledger].by_key[key].kind


@pytest.mark.parametrize(
    ("cell", "scale", "fen"),
    [
        (12000, 1, 1_200_000),
        (12000.5, 1, 1_200_050),
        ("12,000", 1, 1_200_000),
        ("１２，０００．５０", 1, 1_200_050),
        ("¥12,000.00", 1, 1_200_000),
        ("1.2万", 1, 1_200_000),
        ("1.2 万元", 1, 1_200_000),
        ("3亿", 1, 30_000_000_000),
        ("12000元", 1, 1_200_000),
        (1.2, 10_000, 1_200_000),
        ("1.2", 10_000, 1_200_000),
        ("1.2万元", 10_000, 1_200_000),
        (0.1 + 0.2, 1, 30),
        ("0", 1, 0),
        ("", 1, None),
        (None, 1, None),
    ],
)
def test_money_is_understood(cell: object, scale: int, fen: int | None) -> None:
    if fen is None:
        with pytest.raises(CellProblem):
            amounts.fen(cell, scale)
    else:
        assert amounts.fen(cell, scale) == fen


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12,34", "not_money"),
        ("1.2美元", "not_money"),
        ("一万二", "not_money"),
        (True, "not_money"),
        ("5千", "not_money"),
        ("1.234", "too_precise"),
        (0.001, "too_precise"),
        ("-5", "too_small"),
        (1e18, "too_large"),
        ("9" * 60, "not_money"),
        ("=1+1", "not_money"),
        ("(500)", "not_money"),
        (float("inf"), "not_a_number"),
        ("99999999999999999999", "too_large"),
    ],
)
def test_money_that_is_not_clear_is_refused(cell: object, code: str) -> None:
    with pytest.raises(CellProblem) as caught:
        BUDGET.kind.parse(cell)
    assert caught.value.code == code


@given(st.integers(0, 10**17))
def test_money_survives_screen_and_sheet(fen: int) -> None:
    kind = BUDGET.kind
    assert kind.parse(kind.show(fen)) == fen
    assert kind.parse(kind.cell(fen)) == fen


@pytest.mark.parametrize(
    "cell",
    [
        "2024-1-5",
        "2024/01/05",
        "2024.1.5",
        "2024年1月5日",
        "20240105",
        20240105,
        "２０２４－０１－０５",
        date(2024, 1, 5),
        datetime(2024, 1, 5, 8),
        "2024-01-05 00:00:00",
    ],
)
def test_days_are_understood(cell: object) -> None:
    assert amounts.day(cell) == date(2024, 1, 5)


@pytest.mark.parametrize(
    "cell", [45292, 45292.0, "2024-02-30", "2024年1月", "24-1-5", "明年", True]
)
def test_days_that_are_not_clear_are_refused(cell: object) -> None:
    with pytest.raises(CellProblem):
        amounts.day(cell)


def test_choices_are_known_by_word_and_code_and_refused_with_the_closest() -> None:
    assert KIND.kind.parse(" 建设 项目") == "construction"
    assert KIND.kind.parse("construction") == "construction"
    with pytest.raises(CellProblem, match="建设项目") as caught:
        KIND.kind.parse("建设类项目")
    assert caught.value.code == "unknown_value"


@given(st.integers(0, 255))
def test_flags_survive(mask: int) -> None:
    kind = kind_of("members", "skills")
    shown = kind.show(mask)
    assert (kind.parse(shown) if shown else 0) == mask


@given(st.integers(1, 7))
def test_flags_whose_words_hold_spaces_survive(mask: int) -> None:
    kind = kind_of("members", "hours_offered")
    assert kind.parse(kind.show(mask)) == mask


def test_a_flag_that_is_not_known_is_refused() -> None:
    with pytest.raises(CellProblem, match="急救"):
        kind_of("members", "skills").parse("急救、急求")


@pytest.mark.parametrize("cell", ["320", "320户", 320, 320.0, "３２０"])
def test_counts_take_their_unit(cell: object) -> None:
    assert kind_of("compounds", "households").parse(cell) == 320


@pytest.mark.parametrize("cell", [3.5, "3.5", "320个", "-1", True, 10**14 * 10**6])
def test_counts_that_are_none_are_refused(cell: object) -> None:
    with pytest.raises(CellProblem):
        kind_of("compounds", "households").parse(cell)


def test_the_table_tells_the_length() -> None:
    title = PROJECTS.by_key["title"]
    assert (title.facts.shortest, title.facts.longest, title.is_required) == (1, 200, True)
    with pytest.raises(CellProblem, match="200"):
        title.kind.parse("长" * 201)


@given(st.text())
def test_a_harmless_text_gives_the_text_back(text: str) -> None:
    from gis.base.sheets.reading import _cell

    safe = neutral(text)
    assert not safe[:1] or safe[0] not in "=+-@＝＋－＠\t\r"
    assert _cell(safe, True) == text


@given(st.text())
def test_texts_read_twice_stay_the_same(text: str) -> None:
    assert text_of(text_of(text)) == text_of(text)
