"""Decoded tiles against the table: every item once, counts right, nothing out of scope."""

from __future__ import annotations

import math
from datetime import date

import pytest
from sqlalchemy import text

from gis.base.errors import BadInput
from layers import tiles
from layers.catalog import LAYERS
from tests.layers import mvt

ZOOM_ITEMS = 13  # tile zoom: drawn at map zoom 14, the first that shows items


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    side = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * side), int(y * side)


def tiles_of(session, z: int) -> list[tuple[int, int, int]]:
    """Every tile that the demo city's communities touch."""
    made = set()
    for west, south, east, north in session.execute(
        text("SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) "
             "FROM territory WHERE level = 'community'")
    ):  # fmt: skip
        (x1, y1), (x2, y2) = tile_of(west, north, z), tile_of(east, south, z)
        made |= {(z, x, y) for x in range(x1, x2 + 1) for y in range(y1, y2 + 1)}
    return sorted(made)


def gathered(session, key: str, z: int, on: date | None = None) -> dict[int, dict]:
    """Feature id -> properties over all tiles of a zoom."""
    found: dict[int, dict] = {}
    for z_, x, y in tiles_of(session, z):
        body = tiles.tile(session, LAYERS[key], z_, x, y, on)
        for feature in mvt.read(body).get(key, []):
            assert found.setdefault(feature.id, feature.properties) == feature.properties
    return found


@pytest.mark.parametrize("key", ["compounds", "grids", "members", "projects", "facilities"])
def test_items_of_all_tiles_are_the_table(session, key: str) -> None:
    layer = LAYERS[key]
    expected = {f["id"]: f["properties"]["s"] for f in layer.features(session)["features"]}
    found = {i: p["s"] for i, p in gathered(session, key, ZOOM_ITEMS).items()}
    assert found == expected and expected


@pytest.mark.parametrize(("z", "level"), [(9, "county"), (11, "street"), (12, "community")])
@pytest.mark.parametrize("key", ["compounds", "projects"])
def test_parents_carry_counts_that_add_up(session, key: str, z: int, level: str) -> None:
    layer = LAYERS[key]
    assert layer.level_at(z + 1) == level
    found = gathered(session, key, z)
    legend = layer.legend(session)
    assert sum(p["n"] for p in found.values()) == legend.total
    for row in legend.rows:
        assert sum(p.get(f"n_{row['key']}", 0) for p in found.values()) == row["n"], row["key"]
    levels = session.scalars(
        text("SELECT DISTINCT level FROM territory WHERE territory_id = ANY(:ids)"),
        {"ids": list(found)},
    ).all()
    assert levels == [level]


def test_a_label_stands_in_one_tile_only(session) -> None:
    seen: list[int] = []
    for z, x, y in tiles_of(session, 12):
        layers = mvt.read(tiles.tile(session, LAYERS["compounds"], z, x, y))
        seen += [f.id for f in layers.get("compounds.label", [])]
    assert len(seen) == len(set(seen)) > 0


def test_the_fast_path_draws_the_same_shapes(session) -> None:
    """A polygon wholly inside is only scaled: its area and turn equal those of ST_AsMVTGeom."""
    z, x, y = max(tiles_of(session, ZOOM_ITEMS), key=lambda t: len(_found(session, t)))
    box = tiles._envelope(z, x, y)
    slow = mvt.read(
        bytes(
            session.scalar(
                text(
                    "SELECT ST_AsMVT(r, 'compounds', 4096, 'geom', 'id') FROM ("
                    "SELECT territory_id AS id, ST_AsMVTGeom(gcw, ST_MakeEnvelope(:west, :south, "
                    ":east, :north, 3857), 4096, 64, true) AS geom FROM territory "
                    "WHERE level = 'compound') r WHERE geom IS NOT NULL"
                ),
                box,
            )
        )
    )["compounds"]
    fast = {f.id: f for f in _found(session, (z, x, y))}
    assert {f.id for f in slow} == set(fast)
    for feature in slow:
        assert feature.area() > 0
        assert fast[feature.id].area() == pytest.approx(feature.area(), rel=0.02, abs=40)
    total = sum(f.area() for f in slow)
    assert sum(f.area() for f in fast.values()) == pytest.approx(total, rel=0.002)


def _found(session, at: tuple[int, int, int]) -> list[mvt.Feature]:
    return mvt.read(tiles.tile(session, LAYERS["compounds"], *at)).get("compounds", [])


def test_only_status_and_late_names_travel(session) -> None:
    z, x, y = max(tiles_of(session, ZOOM_ITEMS), key=lambda t: len(_found(session, t)))
    assert {k for f in _found(session, (z, x, y)) for k in f.properties} == {"s"}
    lon, lat = LAYERS["compounds"].features(session)["features"][0]["properties"]["at"]
    close = mvt.read(tiles.tile(session, LAYERS["compounds"], 15, *tile_of(lon, lat, 15)))
    assert all(f.properties["name"] for f in close["compounds.label"])


def test_another_scope_gets_its_own_only(session, acting) -> None:
    lo, hi = session.execute(
        text("SELECT lo, hi FROM territory t WHERE level = 'community' ORDER BY (SELECT count(*) "
             "FROM territory c WHERE c.level = 'compound' AND c.lo >= t.lo AND c.lo < t.hi) DESC "
             "LIMIT 1")
    ).one()  # fmt: skip
    inside = set(
        session.scalars(
            text("SELECT territory_id FROM territory WHERE level = 'compound' "
                 "AND lo >= :lo AND lo < :hi"), {"lo": lo, "hi": hi},
        )
    )  # fmt: skip
    everywhere = tiles_of(session, ZOOM_ITEMS)
    with acting(lo, hi) as mine:
        seen = {f.id for at in everywhere for f in _found(mine, at)}
        assert seen == inside and inside
        low = gathered(mine, "compounds", 11)
        assert sum(p["n"] for p in low.values()) == len(inside)
        assert LAYERS["compounds"].legend(mine).total == len(inside)
    assert len({f.id for at in everywhere for f in _found(session, at)}) > len(inside)


def test_ground_thins_with_the_zoom(session) -> None:
    z, x, y = tiles_of(session, 9)[0]
    far = mvt.read(tiles.tile(session, LAYERS["roads"], z, x, y))
    assert {f.properties["s"] for f in far.get("roads", [])} <= {"main"}
    classes = set()
    for at in tiles_of(session, 14):
        near = mvt.read(tiles.tile(session, LAYERS["roads"], *at))
        classes |= {f.properties["s"] for f in near.get("roads", [])}
    assert {"main", "street"} <= classes


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (17, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)]
)
def test_a_tile_outside_the_pyramid_is_refused(session, z: int, x: int, y: int) -> None:
    with pytest.raises(BadInput):
        tiles.tile(session, LAYERS["compounds"], z, x, y)


def test_nothing_there_is_empty(session) -> None:
    assert tiles.tile(session, LAYERS["compounds"], 13, 0, 0) == b""
    assert tiles.tile(session, LAYERS["compounds"], 3, 0, 0) == b""


def test_the_index_is_used_under_the_row_policy(owner_session) -> None:
    """Without LEAKPROOF the policy would come before the box and every row would be read.

    The city is small: any index would do, so the others are taken away first.
    """
    session = owner_session
    session.execute(text("SET LOCAL enable_seqscan = off"))
    # Any other index could be read whole instead; which one hangs on statistics.
    others = session.scalars(
        text("SELECT indexname FROM pg_indexes WHERE tablename = 'territory' "
             "AND indexname NOT LIKE 'ix_territory_gcw_compound' AND indexname NOT LIKE 'pk_%'")
    ).all()  # fmt: skip
    session.execute(text(f"DROP INDEX {', '.join(others)}"))
    session.execute(text("ANALYZE territory"))
    x, y = tile_of(110.485, 29.125, 14)
    asked = tiles._envelope(14, x, y) | LAYERS["compounds"].asked(None, {})
    asked |= {"extent": 4096, "buffer": 64, "named": False}
    plan = "\n".join(
        session.scalars(text("EXPLAIN " + LAYERS["compounds"].sql("tile_polygon")), asked)
    )
    assert "ix_territory_gcw_compound" in plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line and "gcw" in line)
    assert "&&" in condition
