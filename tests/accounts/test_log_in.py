"""Logging in: right, wrong, too often, switched off; one answer for unknown and wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from gis.accounts import actions, queries
from gis.accounts.tables import Account
from gis.base.errors import BadInput, Forbidden, NotLoggedIn, TooManyTries

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def dispatcher(session) -> Account:
    return session.scalars(select(Account).where(Account.username == "dispatch")).one()


def test_a_log_in_gives_the_actor_of_its_territory(session, settings, city_template):
    password = city_template[1]["dispatch"]
    account = actions.log_in(session, settings, " Dispatch ", password, NOW)
    actor = queries.actor_for(session, account.account_id, account.epoch)
    lo, hi = session.execute(text("SELECT lo, hi FROM territory WHERE code = '430800'")).one()
    assert actor is not None and (actor.role, actor.lo, actor.hi) == ("dispatcher", lo, hi)


def test_wrong_and_unknown_are_told_alike(session, settings):
    said = set()
    for username in ("dispatch", "nobody", "", "' OR 1=1 --", "x" * 500):
        with pytest.raises(NotLoggedIn) as refused:
            actions.log_in(session, settings, username, "wrong", NOW)
        said.add(refused.value.zh)
    assert len(said) == 1


def test_a_name_is_locked_after_too_many_tries_and_opens_again(session, settings, city_template):
    for _ in range(settings.lockout_tries):
        with pytest.raises(NotLoggedIn):
            actions.log_in(session, settings, "dispatch", "wrong", NOW)
    with pytest.raises(TooManyTries):
        actions.log_in(session, settings, "dispatch", city_template[1]["dispatch"], NOW)
    later = NOW + timedelta(minutes=settings.lockout_minutes + 1)
    assert actions.log_in(session, settings, "dispatch", city_template[1]["dispatch"], later)


def test_a_new_password_ends_running_sessions(session):
    account = dispatcher(session)
    before = account.epoch
    actions.set_account(
        session, username="dispatch", display_name="x", role="dispatcher",
        territory_id=account.territory_id, password="a-new-long-password",
    )  # fmt: skip
    assert queries.actor_for(session, account.account_id, before) is None
    assert queries.actor_for(session, account.account_id, account.epoch) is not None


def test_a_switched_off_account_is_nobody(session, settings, city_template):
    account = dispatcher(session)
    account.is_active = False
    session.flush()
    with pytest.raises(NotLoggedIn):
        actions.log_in(session, settings, "dispatch", city_template[1]["dispatch"], NOW)
    assert queries.actor_for(session, account.account_id, account.epoch) is None


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"role": "emperor"}])
def test_a_bad_account_is_refused(session, wrong):
    account = dispatcher(session)
    values = {"username": "new.one", "display_name": "x", "role": "auditor", **wrong,
              "territory_id": account.territory_id}  # fmt: skip
    values.setdefault("password", "long-enough-1")
    with pytest.raises(BadInput):
        actions.set_account(session, **values)


def test_only_administrators_make_accounts(acting):
    with acting(role="dispatcher") as session, pytest.raises(Forbidden):
        actions.set_account(session, username="x", display_name="x", role="auditor",
                            territory_id=1, password="long-enough-1")  # fmt: skip


def test_passwords_are_kept_as_argon2_only(session, city_template):
    for stored in session.scalars(select(Account.password_hash)):
        assert stored.startswith("$argon2id$")
        assert not any(password in stored for password in city_template[1].values())


def test_random_passwords_differ_and_can_be_read_aloud():
    made = {actions.new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(p) == 14 and not set(p) & set("01lio") for p in made)
