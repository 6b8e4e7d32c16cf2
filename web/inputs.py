"""What the API takes, field by field. Shapes stay plain JSON: ``gis.geo.shapes`` judges them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
PlanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class Input(BaseModel):
    """Every input refuses fields that it does not know: a mistyped one must not pass in silence."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AreaInput(Input):
    """An area as GeoJSON: Polygon, MultiPolygon, a Feature or a FeatureCollection of them."""

    shape: dict[str, Any]


class IncidentInput(AreaInput):
    """What happened, where. ``event_grade`` 1 (gravest) to 4, or none."""

    name: Line
    category: Literal["natural_disaster", "accident", "public_health", "public_security"]
    event_grade: int | None = Field(None, ge=1, le=4)


class ProposalInput(Input):
    """Which plan to try, from when."""

    plan_id: PlanId
    starts_at: AwareDatetime


class AreaProposalInput(AreaInput, ProposalInput):
    """A plan tried on an area that nobody has reported yet: nothing is written."""


class MobilizationInput(ProposalInput):
    """The order behind an activation: a person declares it, the service records it."""

    order_no: Line
    authority: Line
    expected_end_at: AwareDatetime


class StatusInput(Input):
    """A member's answer, entered by the dispatcher who has them on the phone."""

    verb: Literal["acknowledge", "arrive", "decline", "relieve"]
    reason: str = Field("", max_length=200)


class StandDownInput(Input):
    """Why the response ends."""

    reason: str = Field("", max_length=200)


class AtInput(BaseModel):
    """A point in degrees, WGS 84."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class FindInput(BaseModel):
    """Words of a name, an alias or a code."""

    q: str = Field("", max_length=60)


class CoverageInput(BaseModel):
    """The level that coverage is asked for."""

    level: Literal["city", "county", "street", "community", "grid"] = "street"

