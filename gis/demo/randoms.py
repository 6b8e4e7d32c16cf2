"""Random streams and exact totals: what makes the demo city repeatable and its sums right."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """One independent generator a table.

    The name is the spawn key, so a change in one table draws nothing from the others.
    """
    key = zlib.crc32(name.encode())
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,)))


def scaled(total: int, scale: float) -> int:
    """A published or assumed total at another scale: rounded half up, never below one."""
    return max(1, int(np.floor(total * scale + 0.5)))


def split(total: int, weights, minimum: int = 0) -> np.ndarray:
    """`total` in whole parts by weight (largest remainder), each at least `minimum` if possible.

    Parts below the minimum are lifted to it; the others give up what that takes, by their surplus.
    """
    weights = np.asarray(weights, dtype=float)
    exact = weights / weights.sum() * total
    parts = np.floor(exact).astype(np.int64)
    parts[np.argsort(-(exact - parts), kind="stable")[: int(total - parts.sum())]] += 1
    short = np.maximum(minimum - parts, 0)
    if short.any() and minimum * len(parts) <= total:
        parts += short
        parts -= split(int(short.sum()), parts - minimum)
    return parts


def split_groups(totals, group, weights) -> np.ndarray:
    """`split` for many groups at once: `totals[g]` over the rows whose `group` is g.

    Returns whole numbers in row order; every group with a row sums to its total exactly.
    """
    totals, group = np.asarray(totals), np.asarray(group)
    weights = np.asarray(weights, dtype=float)
    exact = weights / np.bincount(group, weights, len(totals))[group] * totals[group]
    parts = np.floor(exact).astype(np.int64)
    missing = totals - np.bincount(group, parts, len(totals)).astype(np.int64)
    order = np.lexsort((-(exact - parts), group))
    starts = np.searchsorted(group[order], np.arange(len(totals)))
    rank = np.arange(len(group)) - starts[group[order]]
    parts[order] += rank < missing[group[order]]
    return parts


def quotas(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    """`n` labels whose counts follow `shares` exactly, shuffled; every label once if n allows."""
    counts = split(n, list(shares.values()), 1 if n >= 2 * len(shares) else 0)
    return rng.permutation(np.repeat(np.array(list(shares), dtype=object), counts))


def days(rng: np.random.Generator, first: str, last: str, n: int) -> np.ndarray:
    """`n` dates between two days, both included (datetime64[s], so pandas keeps the unit)."""
    start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
    steps = rng.integers(0, int((end - start).astype(int)) + 1, n)
    return (start + steps).astype("datetime64[s]")
