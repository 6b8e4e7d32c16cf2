"""The journal: append-only, chained, and a change is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gis.base import journal


def test_nobody_changes_an_entry(session):
    journal.record(session, "look", "compound", 1)
    session.flush()
    for statement in ("UPDATE journal SET verb = 'x'", "DELETE FROM journal"):
        nested = session.begin_nested()
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        nested.rollback()


def test_the_chain_holds_and_a_change_is_found(own_city):
    for _ in range(3):
        with own_city.begin() as session:
            journal.record(session, "look", "compound", 7, name="<script>")
    with own_city.load() as session:
        assert journal.seal(session) >= 3
        assert journal.verify(session) is None
    with own_city.load() as session:  # an owner who goes behind the triggers
        session.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        victim = session.scalar(text("SELECT max(journal_id) FROM journal"))
        session.execute(
            text("UPDATE journal SET actor = '别人' WHERE journal_id = :i"), {"i": victim}
        )
    with own_city.begin() as session:
        assert journal.verify(session) == victim


def test_a_running_writer_is_sealed_later(own_city):
    with own_city.begin() as slow:
        journal.record(slow, "slow", "x")
        slow.flush()
        with own_city.begin() as quick:
            journal.record(quick, "quick", "x")
        with own_city.load() as sealer:
            journal.seal(sealer)
            verbs = sealer.scalars(
                text("SELECT verb FROM journal JOIN journal_seal USING (journal_id)")
            ).all()
        assert "quick" not in verbs  # it might still be preceded by the slow one
    with own_city.load() as sealer:
        journal.seal(sealer)
        assert journal.verify(sealer) is None
        verbs = sealer.scalars(
            text("SELECT verb FROM journal JOIN journal_seal USING (journal_id)")
        ).all()
    assert {"quick", "slow"} <= set(verbs)


def test_nobody_forges_an_entry_or_a_seal(session):
    session.execute(
        text("INSERT INTO journal (journal_id, done_at, actor, purpose, verb, subject, place) "
             "VALUES (-5, '2020-01-01', '别人', 'calm', 'x', 'forged', 1)")
    )  # fmt: skip
    entry = session.execute(
        text("SELECT journal_id, done_at > now() - interval '1 hour', actor FROM journal "
             "WHERE subject = 'forged'")
    ).one()  # fmt: skip
    assert entry[0] > 0 and entry[1] and entry[2] == "system"
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(
            text("INSERT INTO journal_seal (journal_id, seal_no, digest) "
                 "SELECT journal_id, 1000, 'x' FROM journal LIMIT 1")
        )  # fmt: skip


@pytest.mark.parametrize("table", ["project", "account", "territory_ordinal", "branch", "member"])
def test_the_service_deletes_nothing(session, table):
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(f"DELETE FROM {table}"))
