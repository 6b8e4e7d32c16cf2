"""Tiles and layers over HTTP: packed, kept by ETag, scoped, and clear about what is wrong."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from typing import Any

import pytest


def tile_at(area: dict[str, Any], zoom: int) -> str:
    """The tile in the middle of an area."""
    ring = area["coordinates"][0]
    lon = (ring[0][0] + ring[2][0]) / 2
    lat = math.radians((ring[0][1] + ring[2][1]) / 2)
    x = int((lon + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom)
    return f"{zoom}/{x}/{y}"


def test_a_tile_is_packed_and_kept(visitors: Callable, area: Any) -> None:
    path = f"/api/layers/compounds/tiles/{tile_at(area, 12)}.mvt"
    first = visitors("dispatch").get(path)
    assert first.status_code == 200
    assert first.mimetype == "application/vnd.mapbox-vector-tile"
    assert first.headers["Content-Encoding"] == "gzip" and gzip.decompress(first.data)
    assert "private" in first.headers["Cache-Control"] and "Cookie" in first.headers["Vary"]
    etag = {"If-None-Match": first.headers["ETag"]}
    again = visitors("dispatch").get(path, headers=etag)
    assert again.status_code == 304 and not again.data
    # Another scope is another tile, even under the same address.
    assert visitors("grid").get(path, headers=etag).status_code != 304


def test_an_empty_tile_has_no_body(visitors: Callable) -> None:
    answer = visitors("dispatch").get("/api/layers/compounds/tiles/12/1/1.mvt")
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/layers/nothing/tiles/1/0/0.mvt", 404),
        ("/api/layers/compounds/tiles/40/0/0.mvt", 422),
        ("/api/layers/compounds/tiles/1/5/0.mvt", 422),
        ("/api/layers/compounds/tiles/1/-1/0.mvt", 404),
        ("/api/layers/post-status/features", 422),
        ("/api/layers/post-status/features?activation_id=x", 422),
        ("/api/layers/compounds/features?bbox=1,2", 422),
        ("/api/layers/compounds/features?bbox=5,5,1,1", 422),
        ("/api/layers/compounds/features?bbox=nan,1,2,3", 422),
        ("/api/layers/compounds/changes", 422),
        ("/api/layers/compounds/legend?as_of=yesterday", 422),
        ("/api/compounds/999999", 404),
        ("/api/at?lon=200&lat=0", 422),
        ("/api/coverage?level=planet", 422),
    ],
)
def test_wrong_questions(visitors: Callable, path: str, status: int) -> None:
    answer = visitors("dispatch").get(path)
    assert answer.status_code == status, answer.text
    assert answer.json["message"]


def test_the_legend_counts_what_coverage_counts(visitors: Callable) -> None:
    legend = visitors("dispatch").get("/api/layers/compounds/legend").json
    totals = visitors("dispatch").get("/api/coverage?level=city").json["totals"]
    assert legend["total"] == sum(row["n"] for row in legend["rows"]) == totals["compounds"]


def test_a_click_answers_with_chain_and_card(visitors: Callable) -> None:
    unit = visitors("dispatch").get("/api/find?q=小区").json["units"]
    compound = next((u for u in unit if u["level"] == "compound"), None)
    if compound is None:
        features = visitors("dispatch").get("/api/layers/compounds/features").get_json(force=True)
        name = features["features"][0]["properties"]["name"]
        units = visitors("dispatch").get(f"/api/find?q={name}").json["units"]
        compound = next(u for u in units if u["level"] == "compound")
    path = f"/api/at?lon={compound['lon']}&lat={compound['lat']}"
    found = visitors("dispatch").get(path).json
    assert [u["level"] for u in found["chain"]][:2] == ["city", "county"]
    assert found["compound"]["territory_id"] == compound["territory_id"]
    assert {row["label"] for row in found["card"]["rows"]} >= {"党支部", "业委会", "物业公司"}
