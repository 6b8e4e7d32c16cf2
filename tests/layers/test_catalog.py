"""Numbers on the legend equal the table, asked another way; no layer carries a person."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from gis.base.errors import BadInput, NotFound
from gis.coverage import queries as coverage
from layers.catalog import LAYERS, layer_of
from layers.layer import sql

ON = date(2023, 1, 15)
PLAIN = [layer for layer in LAYERS.values() if not layer.params]
PRIVATE = re.compile(r"phone|worker_name|member_id|m\.name|skills|answer|_sealed|\bmember\.name")


def counts(session, key: str, on: date | None = None) -> dict[str, int]:
    return {row["key"]: row["n"] for row in LAYERS[key].legend(session, on).rows}


def test_compounds_equal_the_coverage_query(session) -> None:
    assert counts(session, "compounds") == coverage.classes(session)


def test_grids_equal_a_count_the_long_way(session) -> None:
    rows = session.execute(
        text("SELECT territory_id, kind, households FROM territory WHERE level = 'grid'")
    ).all()
    led = set(
        session.scalars(
            text("SELECT territory_id FROM posting WHERE role = 'grid_lead' AND valid_from <= :on "
                 "AND COALESCE(valid_to, 'infinity') > :on"), {"on": ON},
        )
    )  # fmt: skip
    expected = dict.fromkeys(LAYERS["grids"].style.keys, 0)
    for row in rows:
        has = row.territory_id in led
        if row.kind == "dedicated":
            expected["dedicated" if has else "dedicated_vacant"] += 1
        elif not has:
            expected["vacant"] += 1
        else:
            size = row.households
            expected["over" if size > 500 else "under" if size < 300 else "led"] += 1
    assert counts(session, "grids", ON) == expected
    assert sum(expected.values()) == len(rows) > 0


def test_members_equal_a_count_the_long_way(session) -> None:
    held = dict(
        session.execute(
            text("SELECT home_compound_id, count(*) FROM member "
                 "WHERE is_reserve AND home_compound_id IS NOT NULL GROUP BY 1")
        ).all()
    )  # fmt: skip
    expected = dict.fromkeys(LAYERS["members"].style.keys, 0)
    for (compound,) in session.execute(
        text("SELECT territory_id FROM territory WHERE level = 'compound'")
    ):
        expected[LAYERS["members"].style.key_of(held.get(compound, 0))] += 1
    assert counts(session, "members") == expected


def test_projects_overdue_is_a_matter_of_the_date(session) -> None:
    first = session.scalar(text("SELECT min(due_on) FROM project"))
    assert counts(session, "projects", first - timedelta(1))["overdue"] == 0
    late = session.scalar(
        text("SELECT count(*) FROM project WHERE due_on < :on AND state NOT IN "
             "('done_claimed', 'verified', 'closed_out', 'merged', 'cancelled')"), {"on": ON},
    )  # fmt: skip
    found = counts(session, "projects", ON)
    assert found["overdue"] == late
    assert sum(found.values()) == session.scalar(text("SELECT count(*) FROM project"))


def test_what_has_no_place_is_counted_and_said(owner_session) -> None:
    before = LAYERS["projects"].legend(owner_session)
    owner_session.execute(
        text("UPDATE project SET location = NULL WHERE project_id = "
             "(SELECT min(project_id) FROM project WHERE location IS NOT NULL)")
    )  # fmt: skip
    after = LAYERS["projects"].legend(owner_session)
    assert after.total == before.total and before.note == ""
    assert "1 个没有位置" in after.note


def test_facilities_and_boundaries_equal_the_tables(session) -> None:
    kinds = dict(session.execute(text("SELECT kind, count(*) FROM facility GROUP BY 1")).all())
    found = counts(session, "facilities")
    assert {k: n for k, n in found.items() if n} == kinds
    levels = dict(session.execute(text("SELECT level, count(*) FROM territory GROUP BY 1")).all())
    assert counts(session, "territory") == {
        level: levels[level] for level in ("county", "street", "community")
    }
    assert sum(counts(session, "roads").values()) == session.scalar(
        text("SELECT count(*) FROM road")
    )


@pytest.mark.parametrize("layer", PLAIN, ids=lambda layer: layer.key)
def test_geojson_holds_what_the_legend_counts(session, layer) -> None:
    legend = layer.legend(session)
    found = layer.features(session)["features"]
    assert len(found) == legend.total
    by_status: dict[str, int] = {}
    for feature in found:
        status = feature["properties"]["s"]
        by_status[status] = by_status.get(status, 0) + 1
    assert by_status == {row["key"]: row["n"] for row in legend.rows if row["n"]}
    assert len({feature["id"] for feature in found}) == len(found)


def test_a_box_cuts_and_a_wrong_box_is_refused(session) -> None:
    layer = LAYERS["compounds"]
    lon, lat = layer.features(session)["features"][0]["properties"]["at"]
    box = (lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5)
    assert 1 <= len(layer.features(session, box)["features"]) < 5
    with pytest.raises(BadInput):
        layer.features(session, (10.0, 0.0, 5.0, 1.0))


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.key)
def test_no_private_column(layer) -> None:
    assert not PRIVATE.search(layer.items), layer.key


def test_members_never_tell_the_number(session) -> None:
    for feature in LAYERS["members"].features(session)["features"]:
        assert set(feature["properties"]) == {"s", "name", "facts", "at"}
        assert feature["properties"]["facts"] == []


def test_the_control_of_private_columns_can_fail() -> None:
    assert PRIVATE.search("SELECT worker_name FROM posting")


def test_parameters_are_asked_for_and_checked(session) -> None:
    with pytest.raises(BadInput, match="activation_id"):
        LAYERS["post-status"].legend(session)
    with pytest.raises(BadInput):
        LAYERS["compounds"].legend(session, activation_id=1)
    with pytest.raises(BadInput):
        LAYERS["post-status"].legend(session, activation_id="1 OR 1=1")
    with pytest.raises(BadInput):
        LAYERS["grids"].changes(session, 0)
    with pytest.raises(NotFound):
        layer_of("no-such")


def test_levels_by_zoom() -> None:
    layer = LAYERS["compounds"]
    assert [layer.level_at(z) for z in (7, 10, 11, 12, 13, 14, 19)] == [
        "county", "county", "street", "street", "community", "compound", "compound",
    ]  # fmt: skip
    assert LAYERS["roads"].shown_at(10) == ["main"]
    assert layer.shown_at(10) is None


def test_as_of_draws_what_was_valid_then(session) -> None:
    assert LAYERS["compounds"].legend(session, date(1990, 1, 1)).total == 0


def test_statements_come_without_their_comments() -> None:
    assert "--" not in sql("tile_polygon")
