"""Tiles of grids and compounds: what our Python costs over the bare SQL, and what clipping costs.

For each zoom the fullest tiles of the city are made by `layers.tiles.tile`, one transaction each,
as the service role; then pgbench runs the very statements that were sent, values written out, in
the same kind of transaction with the same scope. Both sides prepare their statements, and what a
new connection pays at first is left out. `plain` is that SQL with every polygon clipped by
ST_AsMVTGeom. Rounds alternate; the lower of their medians counts: the machine may be shared.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bench.city import City, say
from bench.figures import Figure
from gis.base import cluster
from layers import tiles
from layers.catalog import LAYERS
from layers.layer import Layer

KEYS = ("grids", "compounds")
ZOOMS = (13, 14, 15, 16)
TILES = 4
ROUNDS = 3
ROUND_S = 0.6
LEAST, MOST = 20, 400  # turns of a round
WARM = 8  # turns left out: psycopg prepares a statement at its sixth use
TIMEOUT_S = 120
_FAST = re.compile(r"CASE WHEN \w+\.drawn @ box\.tile.*?ELSE (ST_AsMVTGeom\(.*?\)) END", re.S)


@dataclass(frozen=True)
class Sent:
    """What one tile sent to the database: statements with their values, and its bytes."""

    statements: list[tuple[str, Any]]
    size: int


def measure(city: City) -> list[Figure]:
    """Elapsed and CPU milliseconds a tile, by layer and zoom, over pgbench's elapsed."""
    places = _anchors(city)
    return [f for key in KEYS for z in ZOOMS for f in _zoom(city, LAYERS[key], z, places)]


def _anchors(city: City) -> list[tuple[float, float]]:
    with city.runtime.read() as session:
        asked = (
            "SELECT (ST_X(p) + :half) / :world, (:half - ST_Y(p)) / :world FROM territory, "
            "LATERAL (SELECT ST_Transform(anchor, 3857) AS p) q WHERE level = 'compound'"
        )
        rows = session.execute(text(asked), {"half": tiles.WORLD / 2, "world": tiles.WORLD})
        return [(x, y) for x, y in rows]


def _zoom(
    city: City, layer: Layer, z: int, places: list[tuple[float, float]]
) -> Iterator[Figure]:
    side = 1 << z
    count = Counter((int(x * side), int(y * side)) for x, y in places)
    chosen = sorted(count, key=lambda at: (-count[at], at))[:TILES]
    say(f"tiles: {layer.key} z{z}")
    sent = [_sent(city, layer, z, *at) for at in chosen]
    script, plain = _script(city, sent), _script(city, sent, plain=True)
    turn_s = _turns(city, layer, z, chosen, WARM)[0] / 1000
    turns = max(LEAST, min(MOST, int(ROUND_S / turn_s)))
    ours, cpu, bare, clipped = [], [], [], []
    for _ in range(ROUNDS):
        elapsed, spent = _turns(city, layer, z, chosen, turns)
        ours.append(elapsed)
        cpu.append(spent)
        bare.append(_pgbench(city, script, turns))
        if plain != script:
            clipped.append(_pgbench(city, plain, turns))
    each = len(chosen)
    name, note = f"{layer.key} z{z}", f"{sum(s.size for s in sent) / each / 1000:.1f} kB"
    sql_ms = min(bare) / each
    yield Figure(name, min(ours) / each, "ms", sql_ms, "pgbench", note=note)
    yield Figure(f"{name} Python CPU", min(cpu) / each, "ms", sql_ms, "pgbench")
    if clipped:
        yield Figure(f"{name} plain clip", min(clipped) / each, "ms", sql_ms, "fast path")


def _turns(
    city: City, layer: Layer, z: int, chosen: list[tuple[int, int]], turns: int
) -> tuple[float, float]:
    """(median elapsed, mean CPU of our own process) of one turn over the chosen tiles, ms."""
    each, spent = [], time.process_time()
    for _ in range(turns):
        begun = time.perf_counter()
        for x, y in chosen:
            with city.runtime.read() as session:
                tiles.tile(session, layer, z, x, y)
        each.append(time.perf_counter() - begun)
    return 1000 * median(each), 1000 * (time.process_time() - spent) / turns


def _sent(city: City, layer: Layer, z: int, x: int, y: int) -> Sent:
    with _listening(city.runtime.service) as statements, city.runtime.read() as session:
        size = len(tiles.tile(session, layer, z, x, y))
    return Sent(statements, size)


@contextmanager
def _listening(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(_connection, _cursor, statement, parameters, _context, _many) -> None:
        heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _script(city: City, sent: list[Sent], plain: bool = False) -> str:
    """One transaction a tile with every statement it sent, scope included, values written out."""
    address = cluster.conninfo(city.runtime.urls.service)
    lines = []
    with psycopg.connect(address, cursor_factory=psycopg.ClientCursor) as connection:
        cursor = connection.cursor()
        for one in sent:
            said = [cursor.mogrify(statement, values or None) for statement, values in
                    one.statements]  # fmt: skip
            said = [_FAST.sub(r"\1", line) for line in said] if plain else said
            lines += ["BEGIN", *said, "COMMIT"]
    return "".join(f"{line.strip()};\n" for line in lines)


def _pgbench(city: City, script: str, turns: int) -> float:
    """Median milliseconds of a turn of a script under pgbench: one client, prepared statements."""
    home = Path(city.settings.home)
    file, log = home / "bench-tile.sql", home / "bench-tile-log"
    file.write_text(script)
    program = cluster.find_binaries(city.settings.pg_bin) / "pgbench"
    subprocess.run(
        [str(program), "-n", "-M", "prepared", "-c", "1", "-j", "1", "-t", str(turns + WARM),
         "-l", f"--log-prefix={log}", "-f", str(file), cluster.conninfo(city.runtime.urls.service)],
        stdout=subprocess.DEVNULL, timeout=TIMEOUT_S, check=True,
        env={"PATH": str(program.parent), "LC_ALL": "C", "PGOPTIONS": "-c timezone=UTC"},
    )  # fmt: skip
    took = []
    for written in home.glob(log.name + "*"):
        # A line a turn: client, number, microseconds, …
        took = [int(line.split()[2]) for line in written.read_text().splitlines()]
        written.unlink()
    return median(took[WARM:]) / 1000
