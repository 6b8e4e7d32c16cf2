"""Writes of organizations: the life cycle of an owners' committee. Never commits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis.base import journal, workflow
from gis.base.access import actor_of, check
from gis.base.errors import NotFound
from gis.organizations.tables import COMMITTEE_FLOW, OwnersCommittee


def move_committee(
    session: Session, owners_committee_id: int, verb: str, reason: str = ""
) -> OwnersCommittee:
    """Moves one committee by this verb. Raises Forbidden, NotFound, BadInput, WrongState.

    Repeating the verb that led to the present state is no error and is not recorded again.
    """
    check(actor_of(session), "committee.move")
    row = session.get(OwnersCommittee, owners_committee_id, with_for_update=True)
    if row is None:
        raise NotFound("没有这个业委会，或不在您的辖区内。",
                       "No such committee, or not within your territory.")  # fmt: skip
    before = row.state
    workflow.move(session, COMMITTEE_FLOW, row, verb, reason=reason)
    if row.state != before:
        journal.record(session, verb, COMMITTEE_FLOW.name, owners_committee_id,
                       place=row.place, before=before, after=row.state)  # fmt: skip
    return row
