"""The composed page: our own hosts only, a nonce everywhere, the same page twice."""

from __future__ import annotations

import re

import folium
import pytest

from gis.base.errors import BadInput, NotFound
from layers import elements
from layers.catalog import LAYERS
from layers.compose import MapUrls, build_map, page, parts
from layers.elements.base import script_json

BOUNDS = (110.4, 29.0, 110.6, 29.2)


def made(keys=("compounds",), **how):
    return build_map(list(keys), urls=MapUrls(), bounds=BOUNDS, nonce="n0", **how)


def test_no_outside_host_and_no_inline_handler() -> None:
    text = page(made(("grids", "compounds", "projects"), draw=True))
    assert not re.search(r"https?:|//cdn|jsdelivr|unpkg", text)
    assert not re.search(r"<[^>]+\son\w+=", text)
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="zh-CN"')


def test_every_script_and_style_carries_the_nonce() -> None:
    text = page(made(draw=True))
    for tag in re.findall(r"<(?:script|style|link)\b[^>]*>", text):
        assert 'nonce="n0"' in tag, tag


def test_two_renderings_are_equal_and_parts_are_its_pieces() -> None:
    assert page(made()) == page(made())
    whole, pieces = page(made()), parts(made())
    assert pieces.head in whole and pieces.body in whole and pieces.script in whole


def test_folium_itself_is_left_as_it_was() -> None:
    before = list(folium.Map.default_js)
    page(made(draw=True))
    assert folium.Map.default_js == before and len(before) > 0


def test_only_what_is_used_is_loaded() -> None:
    assert "geoman" not in page(made())
    assert "leaflet-geoman.js" in page(made(draw=True))
    assert "live_layer.js" not in page(made())


def test_layers_keep_the_catalogs_order_whatever_is_asked() -> None:
    text = page(made(("projects", "grids", "compounds")))
    at = [text.index(f'"key":"{key}"') for key in LAYERS if f'"def":{{"key":"{key}"' in text]
    assert at == sorted(at) and len(at) == 5


def test_a_value_cannot_leave_the_script() -> None:
    text = page(made(title="</script><img src=x onerror=alert(1)>", source="{{ 7*7 }} <b>"))
    assert "<img" not in text and "<b>" not in text
    assert "{{ 7*7 }}" in text
    assert script_json("</script>\u2028") == '"\\u003c/script\\u003e\\u2028"'


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(NotFound):
        made(("nothing",))
    with pytest.raises(BadInput):
        made(("post-status",))
    with pytest.raises(BadInput):
        build_map(["compounds"], urls=MapUrls())
    assert "activation_id" in page(
        made(("post-status",), params={"post-status": {"activation_id": 1}})
    )


def test_every_script_of_an_element_is_there() -> None:
    files = set(elements.files())
    for name in elements.__all__:
        cls = getattr(elements, name)
        if isinstance(cls, type):
            assert set(cls.scripts) <= files, name
    assert "map.css" in files


def test_our_scripts_write_no_markup() -> None:
    for name in elements.files():
        text = elements.source(name)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
        assert not re.search(r"https?://", text), name
