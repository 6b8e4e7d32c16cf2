"""A reader of Mapbox vector tiles (version 2), enough to compare them with the table."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Feature:
    """One feature: kind 1 point, 2 line, 3 polygon; parts in tile units, y down."""

    id: int | None = None
    kind: int = 0
    properties: dict[str, Any] = field(default_factory=dict)
    parts: list[list[tuple[int, int]]] = field(default_factory=list)

    def area(self) -> float:
        """Signed area by the surveyor's formula: exterior rings positive (MVT 2.1, 4.3.3.3)."""
        total = 0.0
        for ring in self.parts:
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                total += x1 * y2 - x2 * y1
        return total / 2


def read(body: bytes) -> dict[str, list[Feature]]:
    """Layer name -> features. Two layers of one name fail the assertion: they are not allowed."""
    layers: dict[str, list[Feature]] = {}
    for number, value in _fields(body):
        if number == 3:
            name, features = _layer(value)
            assert name not in layers
            layers[name] = features
    return layers


def _layer(body: bytes) -> tuple[str, list[Feature]]:
    name, keys, values, raw = "", [], [], []
    for number, value in _fields(body):
        if number == 1:
            name = value.decode()
        elif number == 2:
            raw.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(_value(value))
    return name, [_feature(one, keys, values) for one in raw]


def _feature(body: bytes, keys: list[str], values: list[Any]) -> Feature:
    made = Feature()
    for number, value in _fields(body):
        if number == 1:
            made.id = value
        elif number == 2:
            tags = _packed(value)
            pairs = zip(tags[::2], tags[1::2], strict=True)
            made.properties = {keys[k]: values[v] for k, v in pairs}
        elif number == 3:
            made.kind = value
        elif number == 4:
            made.parts = _geometry(_packed(value))
    return made


def _geometry(words: list[int]) -> list[list[tuple[int, int]]]:
    parts: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(words):
        command, count = words[at] & 7, words[at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            x, y = x + _zigzag(words[at]), y + _zigzag(words[at + 1])
            at += 2
            if command == 1:
                parts.append([])
            parts[-1].append((x, y))
    return parts


def _zigzag(n: int) -> int:
    return (n >> 1) ^ -(n & 1)


def _value(body: bytes) -> Any:
    ((number, value),) = _fields(body)
    if number == 1:
        return value.decode()
    if number == 3:
        return struct.unpack("<d", value)[0]
    return _zigzag(value) if number == 6 else value


def _packed(body: bytes) -> list[int]:
    made, at = [], 0
    while at < len(body):
        value, at = _varint(body, at)
        made.append(value)
    return made


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _fields(body: bytes) -> list[tuple[int, Any]]:
    made: list[tuple[int, Any]] = []
    at = 0
    while at < len(body):
        key, at = _varint(body, at)
        wire = key & 7
        if wire == 0:
            value, at = _varint(body, at)
            made.append((key >> 3, value))
            continue
        size, at = _varint(body, at) if wire == 2 else ({1: 8, 5: 4}[wire], at)
        made.append((key >> 3, body[at : at + size]))
        at += size
    return made
