"""The live layer: each stage by the last filled one, surplus does not count, changes come once."""

from __future__ import annotations

import pytest

from gis.base.access import SYSTEM
from gis.base.db import begin, read
from layers.catalog import LAYERS
from tests.layers.emergency import activate, assign, compounds, move, posts

LAYER = LAYERS["post-status"]


def status(session, activation: int) -> dict[int, str]:
    found = LAYER.features(session, activation_id=activation)["features"]
    return {f["id"]: f["properties"]["s"] for f in found}


def test_a_compound_goes_through_the_stages(owner_session) -> None:
    (one,) = compounds(owner_session, 1)
    activation = activate(owner_session, {one: [2]})
    ((post, _, _),) = posts(owner_session, activation)
    seen = [status(owner_session, activation)[one]]
    assign(owner_session, activation, post, 1)
    seen.append(status(owner_session, activation)[one])
    assign(owner_session, activation, post, 1)
    seen.append(status(owner_session, activation)[one])
    for state in ("acknowledged", "on_post", "relieved"):
        move(owner_session, post, state)
        seen.append(status(owner_session, activation)[one])
    assert seen == ["empty", "partly", "called", "acknowledged", "manned", "manned"]


def test_surplus_on_one_post_does_not_fill_another(owner_session) -> None:
    (one,) = compounds(owner_session, 1)
    activation = activate(owner_session, {one: [1, 1]})
    first, second = (p.post_id for p in posts(owner_session, activation))
    assign(owner_session, activation, first, 2, "on_post")
    assert status(owner_session, activation)[one] == "partly"
    assign(owner_session, activation, second, 1, "on_post")
    assert status(owner_session, activation)[one] == "manned"


def test_a_decline_opens_the_gap_again(owner_session) -> None:
    (one,) = compounds(owner_session, 1)
    activation = activate(owner_session, {one: [2]})
    ((post, _, _),) = posts(owner_session, activation)
    assign(owner_session, activation, post, 2)
    move(owner_session, post, "declined", 1)
    assert status(owner_session, activation)[one] == "partly"


def test_the_legend_equals_the_features_and_the_facts_the_table(owner_session) -> None:
    one, two, three = compounds(owner_session, 3)
    activation = activate(owner_session, {one: [2, 1], two: [1], three: [4]})
    every = posts(owner_session, activation)
    assign(owner_session, activation, every[2].post_id, 1, "on_post")
    assign(owner_session, activation, every[0].post_id, 2, "acknowledged")
    legend = LAYER.legend(owner_session, activation_id=activation)
    assert {r["key"]: r["n"] for r in legend.rows} == {
        "empty": 1, "partly": 1, "called": 0, "acknowledged": 0, "manned": 1,
    }  # fmt: skip
    found = LAYER.features(owner_session, activation_id=activation)["features"]
    facts = {f["id"]: dict(f["properties"]["facts"]) for f in found}
    assert facts[one] == {"需要": 3, "已派": 2, "已应答": 2, "已到岗": 0}


def test_changes_bring_what_was_written_after_the_cursor(own_city) -> None:
    with begin(own_city.owner, SYSTEM) as session:
        one, two = compounds(session, 2)
        activation = activate(session, {one: [1], two: [1]})
        second = posts(session, activation)[1].post_id
    with read(own_city.service, SYSTEM) as session:
        start = LAYER.changes(session, 0, activation_id=activation)
    assert {f["id"] for f in start["features"]} == {one, two}
    with begin(own_city.owner, SYSTEM) as session:
        assign(session, activation, second, 1)
    with read(own_city.service, SYSTEM) as session:
        news = LAYER.changes(session, start["cursor"], activation_id=activation)
    assert [(f["id"], f["properties"]["s"]) for f in news["features"]] == [(two, "called")]
    with read(own_city.service, SYSTEM) as session:
        rest = LAYER.changes(session, news["cursor"], activation_id=activation)
    assert rest["features"] == []


@pytest.mark.parametrize("other", [0, 999_999])
def test_another_activation_has_nothing(session, other: int) -> None:
    assert LAYER.legend(session, activation_id=other).total == 0
