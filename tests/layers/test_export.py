"""One file without a network: what it holds, and that a name cannot break out of it."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import text

from gis.base.errors import NotFound
from layers.catalog import LAYERS
from layers.compose import EXPORTS, export_html

EVIL = "</script><script>window.broken=1</script>"


def layer_in(html: str, key: str) -> dict:
    found = re.search(r'lj\.elements\.staticLayer\(lj\.maps\["lj-map"\], '
                      r'(\{"def":\{"key":"' + key + r'".*\})\);\n', html)  # fmt: skip
    assert found, key
    return json.loads(found.group(1))


def test_counts_in_the_file_equal_the_legend(session) -> None:
    html = export_html(session, "coverage", source="来源：测试")
    for key in ("grids", "compounds"):
        held = layer_in(html, key)
        legend = LAYERS[key].legend(session)
        items = held["levels"][LAYERS[key].item_level]
        assert len(items) == legend.total
        for row in legend.rows:
            assert sum(f["properties"]["s"] == row["key"] for f in items) == row["n"]
        for level in ("county", "street", "community"):
            assert sum(f["properties"]["n"] for f in held["levels"][level]) == legend.total
    assert "来源：测试" in html and "数据截至" in html


def test_it_asks_nobody(session) -> None:
    html = export_html(session, "coverage")
    own = re.sub(r"<script nonce[^>]*>.*?</script>", "", html, flags=re.S)
    assert not re.search(r"(?:src|href)=", own)
    assert "default-src &#x27;none&#x27;" in html
    assert "sourceMappingURL" not in html
    assert not re.search(
        r"url\((?!data:|#|none)", re.sub(r"<script.*?</script>", "", html, flags=re.S)
    )


def test_a_name_cannot_break_out(owner_session) -> None:
    owner_session.execute(
        text("UPDATE territory SET name = :evil WHERE territory_id = "
             "(SELECT min(territory_id) FROM territory WHERE level = 'compound')"), {"evil": EVIL},
    )  # fmt: skip
    html = export_html(owner_session, "compounds", source=EVIL, title=EVIL)
    assert EVIL not in html and "<script>window" not in html
    names = [f["properties"]["name"] for f in layer_in(html, "compounds")["levels"]["compound"]]
    assert EVIL in names


@pytest.mark.parametrize("key", EXPORTS)
def test_each_key_makes_a_file(session, key: str) -> None:
    html = export_html(session, key)
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")


def test_another_key_is_refused(session) -> None:
    with pytest.raises(NotFound):
        export_html(session, "post-status")
