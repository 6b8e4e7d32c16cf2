"""Branches, owners' committees and property firms of the compounds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.demo.names import numbered
from gis.demo.randoms import days, quotas, stream

SYNTHETIC = {"is_synthetic": True, "source": "synthetic; counts from the article"}
COMMITTEE_STATES = {"filed": 0.64, "elected": 0.14, "term_due": 0.14, "preparing": 0.08}
TERM_YEARS = 5


def firm_frame(totals, seed: int) -> pd.DataFrame:
    """property_firm_id, name, has_party_body. The number of firms is assumed, 18 is published."""
    n = max(totals.property_firms, totals.firms_with_party_body)
    party = stream(seed, "firms").permutation(n) < totals.firms_with_party_body
    return pd.DataFrame(
        {
            "property_firm_id": np.arange(1, n + 1),
            "name": numbered("演示物业公司", n, 3),
            "has_party_body": party,
            **SYNTHETIC,
        }
    )


def give_firms(compounds, firms: pd.DataFrame, totals, seed: int) -> pd.Series:
    """The property firm of each compound (null where none works): newer and larger ones first."""
    rng = stream(seed, "contracts")
    score = (compounds.built_year - 2005) / 8 + np.log(compounds.households + 1) / 2
    order = np.argsort(-(score + rng.normal(0, 1.2, len(compounds))), kind="stable")
    served = order[: min(totals.firm_contracts, len(compounds))]
    share = 1 / np.arange(1, len(firms) + 1) ** 0.7
    chosen = np.full(len(compounds), np.nan)
    chosen[served] = firms.property_firm_id.to_numpy()[
        rng.choice(len(firms), len(served), p=share / share.sum())
    ]
    return pd.Series(chosen, index=compounds.index).astype("Int64")


def branch_frame(compounds, totals, seed: int) -> pd.DataFrame:
    """branch_id, compound_id (each at most once), name, founded_on."""
    rng = stream(seed, "branches")
    weight = compounds.households.to_numpy() ** 0.8 + 1
    pick = _sample(weight, totals.branches, rng)
    return pd.DataFrame(
        {
            "branch_id": np.arange(1, len(pick) + 1),
            "compound_id": compounds.compound_id.to_numpy()[pick],
            "name": compounds.name.to_numpy(dtype=object)[pick] + "党支部",
            "founded_on": days(rng, "2017-03-01", "2022-12-20", len(pick)),
            **SYNTHETIC,
        }
    )


def committee_frame(compounds, branches: pd.DataFrame, totals, seed: int) -> pd.DataFrame:
    """committee_id, compound_id, name, state, elected_on, term_starts_on, term_ends_on.

    Every row is a committee that exists: `preparing` means that the next election is being
    prepared while the old committee sits, `term_due` that its term has run out.
    """
    rng = stream(seed, "committees")
    firm = compounds.property_firm_id.notna().to_numpy()
    branch = compounds.compound_id.isin(branches.compound_id).to_numpy()
    weight = (1 + 3 * branch) * (1 + firm) * np.sqrt(compounds.households.to_numpy() + 1)
    pick = _sample(weight, totals.committees, rng)
    state = quotas(rng, COMMITTEE_STATES, len(pick))
    elected = np.where(
        np.isin(state, ["filed", "elected"]),
        days(rng, "2018-09-01", "2022-12-01", len(pick)),
        days(rng, "2017-06-01", "2018-03-31", len(pick)),
    )
    ends = [t + pd.DateOffset(years=TERM_YEARS) for t in pd.DatetimeIndex(elected)]
    return pd.DataFrame(
        {
            "committee_id": np.arange(1, len(pick) + 1),
            "compound_id": compounds.compound_id.to_numpy()[pick],
            "name": compounds.name.to_numpy(dtype=object)[pick] + "业主委员会",
            "state": state,
            "elected_on": elected,
            "term_starts_on": elected,
            "term_ends_on": np.array(ends, dtype="datetime64[s]"),
            **SYNTHETIC,
        }
    )


def _sample(weight: np.ndarray, count: int, rng) -> np.ndarray:
    """`count` rows without repetition by weight, in row order (exponential keys: one pass)."""
    keys = rng.exponential(1.0, len(weight)) / weight
    return np.sort(np.argsort(keys, kind="stable")[:count])
