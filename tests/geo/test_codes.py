"""Codes of places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.geo import codes

COUNTIES = st.sampled_from(["430802", "430811", "430821", "430822"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("430802001001", "430802001001"),
        (430802001001, "430802001001"),
        (430802001001.0, "430802001001"),
        (" 430802 001 001 ", "430802001001"),
        ("４３０８０２", "430802"),
        ("430802000000", "430802"),
        ("430802001000", "430802001"),
        ("430802001001003", "430802001001003"),
        ("43080200100100312", "43080200100100312"),
    ],
)
def test_written_as_people_write(written, code):
    assert codes.parse(written) == code


@pytest.mark.parametrize(
    "wrong",
    ["", "abc", "43080", "4308020", "930802", "400802", "430002", "430800", "430802000",
     "430802001001000", "43080200100100300", "4308020010010031", None, "-430802", "43080a"],
)  # fmt: skip
def test_refused(wrong):
    with pytest.raises(codes.BadCode):
        codes.parse(wrong)


def test_level_is_checked():
    assert codes.parse("430802001001", "community") == "430802001001"
    with pytest.raises(codes.BadCode, match="12"):
        codes.parse("430802001", "community")
    with pytest.raises(codes.BadCode):
        codes.parse("430802000000", "community")


@given(COUNTIES, st.integers(1, 999), st.integers(1, 999), st.integers(1, 999), st.integers(1, 99))
def test_down_and_up_again(county, street, community, grid, micro):
    code = county
    for number, level in ((street, "street"), (community, "community"), (grid, "grid"),
                          (micro, "micro_grid")):  # fmt: skip
        below = codes.child(code, number)
        assert codes.is_code(below) and codes.level_of(below) == level
        assert codes.parent(below) == code and codes.is_within(below, code)
        code = below
    assert codes.parent(county) is None
    with pytest.raises(codes.BadCode):
        codes.child(code, 1)


def test_digits_run_out():
    with pytest.raises(codes.BadCode, match="999"):
        codes.child("430802001001", 1000)
