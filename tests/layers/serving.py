"""A small service around the layers, for browser tests: no Flask, the strict policy, a log.

It answers what `MapUrls` names, and refuses everything else with 404.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from gis.territory import queries as territory
from layers import compose, elements, tiles
from layers.catalog import LAYERS

NONCE = "test-nonce"
POLICY = (
    f"default-src 'self'; script-src 'self' 'nonce-{NONCE}'; style-src 'self' 'nonce-{NONCE}'; "
    "img-src 'self' data:; connect-src 'self'"
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
Reads = Callable[[], AbstractContextManager[Session]]


@dataclass
class Service:
    """Where it listens, what it was asked, and what it can be told to do."""

    address: str
    asked: list[str] = field(default_factory=list)
    is_down: bool = False
    card: dict[str, Any] | None = None


@contextmanager
def serving(pages: dict[str, str], reads: Reads) -> Iterator[Service]:
    """The service on a free port; ``reads`` opens a session, ``pages`` are whole documents."""
    service = Service("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.asked.append(self.path)
            if service.is_down and self.path.startswith("/api/"):
                self.close_connection = True
                self.connection.close()
                return
            status, kind, body = _answer(self.path, pages, reads, service)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_who: object) -> None:
            """A browser that goes away in the middle of a tile is nothing to print."""

    server = Server(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def _answer(
    path: str, pages: dict[str, str], reads: Reads, service: Service
) -> tuple[int, str, bytes]:
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path in pages:
        return 200, "text/html; charset=utf-8", pages[parts.path].encode()
    if parts.path == "/favicon.ico":
        return 200, "image/png", b""
    if parts.path.startswith("/static/"):
        return _static(parts.path)
    steps = parts.path.strip("/").split("/")
    with reads() as session:
        if steps[:2] == ["api", "tiles"]:
            z, x, y = int(steps[3]), int(steps[4]), int(steps[5].removesuffix(".mvt"))
            body = tiles.tile(session, LAYERS[steps[2]], z, x, y, **query)
            return 200, "application/vnd.mapbox-vector-tile", body
        found = _json(session, steps, query, service)
    return (404 if found is None else 200), "application/json", json.dumps(found).encode()


def _json(
    session: Session, steps: list[str], query: dict[str, str], service: Service
) -> dict[str, Any] | None:
    if steps[:2] == ["api", "layers"]:
        layer, verb = LAYERS[steps[2]], steps[3]
        if verb == "legend":
            return layer.legend(session, **query).as_dict()
        if verb == "changes":
            return layer.changes(session, int(query.pop("after")), **query)
        bbox = query.pop("bbox", None)
        box = tuple(map(float, bbox.split(","))) if bbox else None
        return layer.features(session, box, **query)  # type: ignore[arg-type]
    if steps == ["api", "at"]:
        chain = territory.chain_at(session, float(query["lon"]), float(query["lat"]))
        return {"chain": [unit.as_dict() for unit in chain], "card": service.card}
    if steps == ["api", "find"]:
        return {"units": [u.as_dict() for u in territory.find_units(session, query["q"])]}
    return None


def _static(path: str) -> tuple[int, str, bytes]:
    for prefix, folder in (
        ("/static/elements/", elements.path()),
        ("/static/vendor/", compose.VENDOR_DIR),
    ):
        file: Path = folder / path.removeprefix(prefix)
        if path.startswith(prefix) and file.suffix in KINDS and file.is_file():
            return 200, KINDS[file.suffix], file.read_bytes()
    return 404, "text/plain", b"no such file"
