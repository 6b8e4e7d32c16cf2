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
    with own_city.begin() as session:
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
        with own_city.begin() as sealer:
            journal.seal(sealer)
            verbs = sealer.scalars(
                text("SELECT verb FROM journal JOIN journal_seal USING (journal_id)")
            ).all()
        assert "quick" not in verbs  # it might still be preceded by the slow one
    with own_city.begin() as sealer:
        journal.seal(sealer)
        assert journal.verify(sealer) is None
        verbs = sealer.scalars(
            text("SELECT verb FROM journal JOIN journal_seal USING (journal_id)")
        ).all()
    assert {"quick", "slow"} <= set(verbs)
