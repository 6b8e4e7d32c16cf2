"""``lianjian ...``: the command line.

Commands of the rooms above (layers, web) come in through the entry points
``lianjian.commands`` of the package, so that this room imports neither.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points

import click

from gis.cli import cities, emergency, keeping, reading


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """联建一张图：平时看覆盖与空白，急时排岗派人。One map for urban community grids."""


def _assemble() -> None:
    for module in (cities, reading, emergency, keeping):
        for command in module.COMMANDS:
            main.add_command(command)
    for point in entry_points(group="lianjian.commands"):
        for command in point.load():
            main.add_command(command)


_assemble()

if __name__ == "__main__":
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    sys.exit(main())
