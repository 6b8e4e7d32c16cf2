"""What every ledger declares: schema, dictionary, privacy, and that it agrees with its table."""

from __future__ import annotations

import pytest

from gis.base.access import PERMISSIONS
from gis.base.ledger import Column, Ledger, dictionary, schema
from gis.ledgers import LEDGERS
from gis.projects.tables import Project

BANNED = (
    "id_card",
    "face",
    "religion",
    "ethnic",
    "risk",
    "key_person",
    "political",
    "track",
    "score",
    "rank",
)


@pytest.fixture(params=list(LEDGERS))
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return LEDGERS[request.param]


def test_the_schema_names_every_column(ledger: Ledger) -> None:
    made = schema(ledger)
    assert made["$schema"].endswith("2020-12/schema")
    assert set(made["properties"]) == {"id", "version"} | set(ledger.by_key)
    assert set(made["required"]) <= set(made["properties"])
    for key, column in ledger.by_key.items():
        assert made["properties"][key]["title"] == column.label
        assert made["properties"][key].get("readOnly", False) is not column.is_writable


def test_the_dictionary_has_a_line_for_every_column(ledger: Ledger) -> None:
    lines = dictionary(ledger)
    assert len(lines) == 2 + len(ledger.columns)
    assert all(line.count("|") == 8 for line in lines)


def test_permissions_exist(ledger: Ledger) -> None:
    assert {ledger.read, ledger.export, ledger.write} - {None} <= set(PERMISSIONS)


def test_no_ledger_has_a_column_of_what_is_declined(ledger: Ledger) -> None:
    for key in ledger.by_key:
        assert not any(word in key for word in BANNED), key


def test_nothing_private_is_exported(ledger: Ledger) -> None:
    assert not any(column.sealed for column in ledger.exported)
    if ledger.is_personal:
        assert ledger.export is None


def test_named_people_cannot_be_ranked() -> None:
    for ledger in LEDGERS.values():
        if ledger.is_personal:
            free = {c.key for c in ledger.columns if c.is_sortable and not c.sealed}
            assert free == {"name", "support_unit_id", "home_compound_id", "home_community_id"}


def test_states_are_never_written_by_a_sheet(ledger: Ledger) -> None:
    assert "state" not in {column.key for column in ledger.writable}


def test_labels_that_differ_from_the_table_are_refused() -> None:
    with pytest.raises(ValueError, match="CHECK"):
        Ledger("x", "甲", Project, (Column(Project.kind, "类别", labels={"construction": "建设"}),))


def test_an_unknown_identity_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Ledger("x", "甲", Project, (Column(Project.title, "名称"),), identity=("nobody",))
