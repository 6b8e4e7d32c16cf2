"""One measured figure beside what it is held against, and a table of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A value and its reference: a bound that the value should stay below, or a rival.

    ``against`` says what the reference is; ``note`` is for what belongs to the value alone.
    """

    name: str
    value: float
    unit: str
    reference: float
    against: str
    is_bound: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Value over reference."""
        return self.value / self.reference if self.reference else float("nan")

    @property
    def is_over(self) -> bool:
        """Whether a bound is passed."""
        return self.is_bound and self.value > self.reference

    def as_dict(self) -> dict[str, Any]:
        """The figure with its ratio, as ``--json`` prints it."""
        rounded = {"value": _short(self.value), "reference": _short(self.reference)}
        over = {"is_over": self.is_over} if self.is_bound else {}
        return asdict(self) | rounded | {"ratio": _short(self.ratio)} | over


def bound(name: str, value: float, unit: str, most: float, note: str = "") -> Figure:
    """A figure that a promise limits."""
    return Figure(name, value, unit, most, "bound", True, note)


def table(figures: list[Figure]) -> str:
    """The figures as aligned lines: name, value, reference, ratio, note."""
    rows = [
        (f.name, f"{_short(f.value):,g} {f.unit}", f"{f.against} {_short(f.reference):,g}",
         f"{f.ratio:.2f}" + (" OVER" if f.is_over else ""), f.note)
        for f in figures
    ]  # fmt: skip
    if not rows:
        return ""
    wide = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join(
        f"  {name:<{wide[0]}}  {value:>{wide[1]}}  {reference:<{wide[2]}}  "
        f"{ratio:<{wide[3]}}  {note}".rstrip()
        for name, value, reference, ratio, note in rows
    )


def _short(value: float) -> float:
    """Four digits that count are more than a shared machine can repeat."""
    return float(f"{value:.4g}")
