"""Copies what the pages need out of node_modules into web/static/vendor, and lists it.

    web/static/vendor/<name>@<version>/…    the files as published, with their licence
    web/static/vendor/manifest.json         {name: {"version", "path", "files": {file: sha256}}}

The version is in the path, so browsers may keep the files for ever.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"

# package -> what is served of it, relative to the package
SERVED = {
    "leaflet": ["dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png"],
    "@geoman-io/leaflet-geoman-free": ["dist/leaflet-geoman.js", "dist/leaflet-geoman.css"],
    "protomaps-leaflet": ["dist/protomaps-leaflet.js"],
    "htmx.org": ["dist/htmx.min.js"],
}


def main() -> int:
    """Builds the folder beside the old one and swaps them, so that no page sees half of it."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    manifest = {name.rpartition("/")[2]: copy(name, fresh) for name in SERVED}
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (fresh / "manifest.json").write_text(text, encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    return 0


def copy(name: str, target: Path) -> dict[str, object]:
    """One package's files, `dist/` left out of their paths."""
    package = MODULES / name
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    folder = f"{name.rpartition('/')[2]}@{version}"
    files = {}
    for pattern in [*SERVED[name], "LICENSE*"]:
        found = sorted(package.glob(pattern))
        if not found:
            raise SystemExit(f"{name} {version}: no {pattern}")
        for source in found:
            inside = source.relative_to(package).as_posix().removeprefix("dist/")
            copied = target / folder / inside
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copied)
            files[inside] = hashlib.sha256(copied.read_bytes()).hexdigest()
    return {"version": version, "path": folder, "files": files}


if __name__ == "__main__":
    sys.exit(main())
