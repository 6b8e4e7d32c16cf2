"""The documents are true: reference pages follow the code, the README's commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gis.cli import main
from gis.cli.docs import pages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(pages()))
def test_reference_pages_are_up_to_date(name):
    kept = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert kept == pages()[name], "run: make docs"


def test_commands_named_in_the_readme_exist():
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"lianjian ([a-z]+)", text))
    assert {"mobilize", "import", "coverage", "map", "serve"} <= named
    for name in named:
        assert main.get_command(None, name) is not None, name  # type: ignore[arg-type]


def test_make_targets_named_in_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"))):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_pictures_and_links_of_the_readme_exist():
    text = (ROOT / "README.md").read_text("utf-8")
    links = [m for m in re.findall(r"\]\(([^)#]+)\)", text) if not m.startswith("http")]
    assert sum(link.endswith(".png") for link in links) >= 2
    for link in links:
        assert (ROOT / link).exists(), link


def test_help_lists_every_command():
    shown = CliRunner().invoke(main, ["--help"]).output
    for name in ("demo", "import", "mobilize", "coverage", "serve", "map", "layers", "doctor"):
        assert re.search(rf"^  {name} ", shown, re.M), name
