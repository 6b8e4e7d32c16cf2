"""``python -m gis.cli``."""

from gis.cli import main

main()
