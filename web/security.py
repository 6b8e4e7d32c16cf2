"""How much a request may carry, and the headers and the nonce that every answer carries."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from gis.base.settings import Settings
from layers import basemaps

FORM_BYTES = 2**20
# 50,000 vertices are 2 MB: what is larger still is told by its vertices, not by its bytes.
JSON_BYTES = 16 * 2**20


def install(app: Flask, settings: Settings) -> None:
    """Limits bodies, sets the headers after each request; templates get ``csp_nonce()``."""

    def limit() -> None:
        # Before anything looks at the body: the limit counts from the first look.
        if request.path.startswith("/api/"):
            request.max_content_length = JSON_BYTES
        elif not request.path.startswith("/ledgers/"):  # files come there
            request.max_content_length = FORM_BYTES

    app.before_request(limit)
    base = basemaps.configured(settings)
    # The one outside origin that an administrator may have allowed, and for pictures alone.
    allowed = [base.origin] if base and base.origin else []
    images = " ".join(["'self'", "data:", "blob:", *allowed])

    def headers(response: Response) -> Response:
        nonce = getattr(g, "csp_nonce", None)
        own = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {own}; style-src {own}; img-src {images}; "
            "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "manifest-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        # What was not said to be cacheable is somebody's working data.
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.after_request(headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """This page's nonce: made at first use, good for one answer."""
    if not hasattr(g, "csp_nonce"):
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce
