"""Gzip for pages and JSON over 1 kB; tiles and static files come packed already."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALLEST = 1024
_KINDS = {"text/html", "application/json", "application/geo+json", "text/csv", "text/plain"}


def install(app: Flask) -> None:
    """Packs answers after each request, when the client takes gzip."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if (
        response.mimetype not in _KINDS
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or response.status_code in (204, 304)
    ):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= SMALLEST and "gzip" in request.accept_encodings:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, weak = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gz", weak)
    return response
