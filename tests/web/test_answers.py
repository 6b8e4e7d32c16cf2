"""What every answer carries: headers, nonces, caching, compression; no outside host."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask

PAGES = ["/map", "/coverage", "/incidents/new", "/activations", "/help", "/journal"]
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""")


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_no_outside_host_and_carry_their_nonce(visitors: Callable, path: str) -> None:
    answer = visitors("admin").get(path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)[1]  # type: ignore[index]
    page = answer.text
    assert not OUTSIDE.search(page)
    tags = re.findall(r"<(?:script|style)[^>]*>", page)
    assert all(f'nonce="{nonce}"' in tag for tag in tags), tags
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", page)  # such would be dropped in silence
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    again = visitors("admin").get(path).headers["Content-Security-Policy"]
    assert nonce not in again


def test_pages_and_json_are_packed(visitors: Callable) -> None:
    for path in ("/map", "/api/layers"):
        plain = visitors("admin").get(path)
        packed = visitors("admin").get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data) / 2
        assert gzip.decompress(packed.data)[:1] == plain.data[:1]


def test_static_files_are_kept(visitors: Callable, shared_app: APIFlask) -> None:
    page = visitors("admin").get("/map").text
    hashed = re.search(r'/static/css/base\.css\?v=\w+', page)[0]  # type: ignore[index]
    client = shared_app.test_client()
    kept = client.get(hashed)
    assert "immutable" in kept.headers["Cache-Control"]
    assert "Cookie" not in kept.headers.get("Vary", "")
    bare = client.get("/static/css/base.css")
    assert "no-cache" in bare.headers["Cache-Control"]
    again = client.get("/static/css/base.css", headers={"If-None-Match": bare.headers["ETag"]})
    assert again.status_code == 304 and not again.data


@pytest.mark.parametrize(
    "path", ["/static/elements/core.py", "/static/elements/__init__.py", "/static/../app.py",
             "/static/vendor/../../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"],
)  # fmt: skip
def test_static_files_end_at_the_folder(shared_app: APIFlask, path: str) -> None:
    assert shared_app.test_client().get(path).status_code in (404, 308)


def test_english_is_remembered(visitors: Callable) -> None:
    visitor = visitors("grid")
    assert "Coverage and gaps" in visitor.get("/coverage?lang=en").text
    assert "Coverage and gaps" in visitor.get("/coverage").text
    assert "覆盖与空白" in visitor.get("/coverage?lang=zh").text


def test_what_people_typed_is_text_on_the_page(visitors: Callable, shared_app: APIFlask) -> None:
    answer = shared_app.test_client().get("/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in answer.text


def test_the_api_describes_itself(visitors: Callable) -> None:
    spec = visitors("admin").get("/api/openapi.json").json
    assert spec["openapi"].startswith("3.")
    paths = set(spec["paths"])
    assert {"/api/incidents", "/api/layers", "/api/assignments/{assignment_id}/status"} <= paths
    assert not any(path.startswith("/a/") or "docs" in path for path in paths)
