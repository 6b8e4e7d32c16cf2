"""One city of each size for the whole folder: scale 1 takes seconds, so it is made once."""

from __future__ import annotations

import pytest

from gis.demo.city import generate
from gis.demo.figures import totals
from gis.demo.ground import lay_out


@pytest.fixture(scope="session")
def city():
    return generate(1.0)


@pytest.fixture(scope="session")
def small():
    return generate(0.05)


@pytest.fixture(scope="session")
def ground():
    """The same city as `city` in EPSG:4546."""
    return lay_out(totals(1.0), 430800)
