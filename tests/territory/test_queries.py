"""Reads of the tree: places, names, the road graph."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gis.base.errors import NotFound
from gis.territory import queries


def test_the_chain_at_a_point(session):
    compound = session.execute(
        text("SELECT territory_id, name, ST_X(anchor) AS lon, ST_Y(anchor) AS lat FROM territory "
             "WHERE level = 'compound' ORDER BY territory_id LIMIT 1")
    ).one()  # fmt: skip
    chain = queries.chain_at(session, compound.lon, compound.lat)
    assert [u.level for u in chain] == ["city", "county", "street", "community", "grid", "compound"]
    assert chain[-1].name == compound.name
    assert queries.chain_at(session, 0, 0) == []


@pytest.mark.parametrize(("words", "name"), [
    ("郝坪社区", "郝坪社区"), ("沙堤街道郝坪社区", "郝坪社区"), ("430802002203", "郝坪社区"),
    ("永定", "永定区"),
])  # fmt: skip
def test_a_place_is_found_by_name_alias_and_code(session, words, name):
    assert queries.find_units(session, words)[0].name == name


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\\", "<script>", "不存在" * 30])
def test_strange_words_find_nothing_and_break_nothing(session, words):
    assert queries.find_units(session, words) == []


def test_units_out_of_scope_are_not_found(session, acting):
    row = session.execute(
        text("SELECT a.lo, a.hi, b.territory_id FROM territory a, territory b "
             "WHERE a.level = 'street' AND b.level = 'street' AND b.lo > a.hi "
             "ORDER BY a.lo LIMIT 1")
    ).one()  # fmt: skip
    with acting(row.lo, row.hi) as narrow, pytest.raises(NotFound):
        queries.unit(narrow, row.territory_id)


def test_the_city_knows_its_measuring_crs_and_bounds(session):
    city = queries.cities(session)[0]
    assert (city.name, city.measuring_epsg) == ("张家界市", 4546)
    assert 109.6 < city.west < city.east < 111.4 and 28.8 < city.south < city.north < 29.9


def test_the_road_graph_is_built_once_a_version(session):
    city = queries.cities(session)[0]
    graph = queries.road_graph(session, city)
    assert graph is not None and graph is queries.road_graph(session, city)
