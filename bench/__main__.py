"""`python -m bench [tiles pages activation dispatch] [--json]`: every figure of one run."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import bench
from bench import activation, pages, tiles
from bench.city import REPOSITORY, SCALE, City, demo_city, say
from bench.figures import Figure, bound, table

# Pages before activation: the board is opened right after the one activation of the run.
ON_CITY: dict[str, Callable[[City], list[Figure]]] = {
    "tiles": tiles.measure, "pages": pages.measure, "activation": activation.measure,
}  # fmt: skip
PARTS = (*ON_CITY, "dispatch")
DISPATCH_TIMEOUT_S = 240
LOADS = ("0.3", "0.9")
PLAN_S, PLAN_MB = 5, 1024


def dispatch() -> list[Figure]:
    """The lines of bench.dispatch, run apart for its memory, as figures beside bound or rival."""
    say("dispatch: 2,500 and 25,000 members")
    done = subprocess.run(
        [sys.executable, "-m", "bench.dispatch", "--json", "--load", *LOADS], cwd=REPOSITORY,
        stdout=subprocess.PIPE, text=True, timeout=DISPATCH_TIMEOUT_S, check=True,
    )  # fmt: skip
    report = json.loads(done.stdout)
    figures = [figure for line in report["lines"] for figure in _dispatched(line)]
    return [*figures, bound("peak memory", report["peak_mb"], "MB", PLAN_MB, "rivals included")]


def _dispatched(line: dict[str, Any]) -> list[Figure]:
    name = f"{line['scenario']} {line['members']:,} at {line['load']:g}"
    cost = float(line["objective"])
    note = f"gap {line['gap']}, {line['unfilled']} empty"
    rival = f"OR-Tools on 16 nearest: {line['ortools_time_ratio']:g} of the time"
    figures = [
        bound(name, line["seconds"], "s", PLAN_S, note),
        Figure(f"{name} cost", cost, "", float(line["bound"]), "LP bound", note=rival),
        Figure(f"{name} greedy", cost * line["greedy_cost_ratio"], "", cost, "ours",
               note=f"{line['greedy_unfilled']} empty"),
    ]  # fmt: skip
    if "lp_cost_ratio" in line:
        figures.append(Figure(f"{name} HiGHS", cost * line["lp_cost_ratio"], "", cost, "ours",
                              note=f"{line['lp_time_ratio']:g} of the time"))  # fmt: skip
    return figures


def run(parts: list[str]) -> dict[str, list[Figure]]:
    """Figures by part, in the order they are measured; a part that failed has none."""
    found: dict[str, list[Figure]] = {}
    on_city = [part for part in ON_CITY if part in parts]
    if on_city:
        with demo_city() as city:
            for part in on_city:
                found[part] = _tried(part, ON_CITY[part], city)
    if "dispatch" in parts:
        found["dispatch"] = _tried("dispatch", dispatch)
    return found


def _tried(part: str, measure: Callable[..., list[Figure]], *given: City) -> list[Figure]:
    """The figures of a part; its failure is told, and the other parts are still measured."""
    try:
        return measure(*given)
    except Exception:
        say(f"{part} FAILED\n{traceback.format_exc()}")
        return []


def main(arguments: list[str] | None = None) -> int:
    """Prints the table, or one JSON document; 1 when a part could not be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=(bench.__doc__ or "").splitlines()[0]
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    # So that a SIGTERM, too, ends what was started and removes the folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.perf_counter()
    found = run(chosen.parts or list(PARTS))
    took = time.perf_counter() - begun
    if chosen.json:
        print(json.dumps({
            "scale": SCALE, "cpus": os.cpu_count(), "seconds": round(took, 1),
            "parts": {part: [f.as_dict() for f in figures] for part, figures in found.items()},
        }, ensure_ascii=False))  # fmt: skip
    else:
        for part, figures in found.items():
            print(f"{part}\n{table(figures) or '  failed'}")
        print(f"{os.cpu_count()} CPUs, {took:.0f} s in all")
    return 0 if all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
