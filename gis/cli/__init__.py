"""``lianjian ...``: the command line.

A command is imported when it is asked for: the map and solver libraries take seconds, and
``lianjian stop`` needs none of them. Commands of the rooms above (layers, web) come in through the
entry points ``lianjian.commands`` of the package, so that this room imports neither.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

import click

COMMANDS = {
    "demo": "gis.cli.demo:demo",
    "seed": "gis.cli.seeding:seed",
    "import": "gis.cli.cities:import_group",
    "coverage": "gis.cli.reading:coverage",
    "plans": "gis.cli.reading:plans",
    "find": "gis.cli.reading:find",
    "journal": "gis.cli.reading:verify_journal",
    "mobilize": "gis.cli.emergency:mobilize",
    "migrate": "gis.cli.keeping:migrate",
    "account": "gis.cli.accounts:account",
    "doctor": "gis.cli.keeping:doctor",
    "stop": "gis.cli.stopping:stop",
    "docs": "gis.cli.docs:docs",
}


class Assembled(click.Group):
    """The commands of all rooms, each loaded on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Ours in declared order, then those of the rooms above."""
        return [*COMMANDS, *sorted(p.name for p in entry_points(group="lianjian.commands"))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name].split(":")
            return getattr(import_module(module), name)
        for point in entry_points(group="lianjian.commands", name=cmd_name):
            return point.load()
        return None


@click.command(
    cls=Assembled, context_settings={"help_option_names": ["-h", "--help"],
                                     "max_content_width": 100},
)  # fmt: skip
def main() -> None:
    """联建一张图：平时看覆盖与空白，急时排岗派人。One map for urban community grids."""
