"""Activating the epidemic plan over every compound of the demo city: seconds and memory.

The measuring runs in a process of its own (`python -m bench.activation`, data folder from
LIANJIAN_HOME), so that its memory is its own and not that of seeding the city.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.city import REPOSITORY, City, say, settings_of
from bench.figures import Figure, bound
from gis.base.access import EVERYWHERE, Actor
from gis.base.runtime import Runtime
from gis.base.settings import settings
from gis.mobilization import actions, planning
from gis.mobilization.warm import warm

PLAN = "epidemic-I"
DISPATCHER = Actor("bench", "dispatcher", *EVERYWHERE, purpose="emergency")
ACTIVATION_S, MEMORY_MB, TIMEOUT_S = 10, 1024, 180
_ALL = text(
    "SELECT ST_AsGeoJSON(ST_Expand(ST_Extent(geom)::geometry, 0.001)) FROM territory "
    "WHERE level = 'compound'"
)


def measure(city: City) -> list[Figure]:
    """Seconds of the proposal and of the activating transaction, and the peak memory."""
    found = activate(city)
    parts = ", ".join(f"{name} {took:.2f}" for name, took in found["seconds"].items())
    what = f"{found['compounds']:,} compounds, {found['needed']:,} places"
    gap = f"gap {found['gap']}, {found['assigned']:,} assigned, {found['unfilled']:,} unfilled"
    return [
        bound("proposal, nothing written", found["proposal_s"], "s", ACTIVATION_S, parts),
        bound("activation with its commit", found["activation_s"], "s", ACTIVATION_S, what),
        Figure("of it writing", found["write_s"], "s", found["activation_s"], "activation",
               note=gap),
        bound("peak memory", found["peak_mb"], "MB", MEMORY_MB),
    ]


@cache
def activate(city: City) -> dict[str, Any]:
    """Activates in a child process, once a city; its figures, ``activation_id`` among them."""
    say(f"activation: {PLAN} over the whole city")
    done = subprocess.run(
        [sys.executable, "-m", "bench.activation"], cwd=REPOSITORY, env=city.environment,
        stdout=subprocess.PIPE, text=True, timeout=TIMEOUT_S, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def _work(session: Session, shape: Any, now: datetime) -> tuple[Any, Any, float]:
    """(activation, proposal, seconds of everything but the proposal), not yet committed."""
    begun = time.perf_counter()
    category = planning.plans.plan(session, PLAN)[0].category
    incident = actions.report_incident(
        session, settings(), name="bench", category=category, event_grade=None, shape=shape
    )
    activation, proposal = actions.activate_plan(
        session, incident.incident_id, PLAN, order_no="1", authority="bench", starts_at=now,
        expected_end_at=now + timedelta(hours=72),
    )  # fmt: skip
    took = time.perf_counter() - begun
    return activation, proposal, took - sum(proposal.seconds.values())


def main() -> int:
    """One proposal and one activation, as one JSON document."""
    runtime = Runtime(settings_of(settings().home))
    warm()  # a worker of the service has done so before its first dispatch
    now = datetime.now(UTC).replace(microsecond=0)
    with runtime.read(DISPATCHER) as session:
        shape = json.loads(session.scalar(_ALL))
        begun = time.perf_counter()
        area = actions.clean_area(session, runtime.settings, shape)
        planning.propose(session, area, PLAN, now).as_dict()
        proposed = time.perf_counter() - begun
    begun = time.perf_counter()
    with runtime.begin(DISPATCHER) as session:
        activation, proposal, writing = _work(session, shape, now)
        written = time.perf_counter()
    ended = time.perf_counter()
    document = {
        "activation_id": activation.activation_id, **activation.figures,
        "gap": proposal.objective - proposal.bound, "seconds": proposal.seconds,
        "proposal_s": proposed, "activation_s": ended - begun,
        "write_s": writing + ended - written,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    runtime.close()
    print(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
