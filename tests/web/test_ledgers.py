"""The ledgers' pages and API: who sees what, exports, imports with confirmation, moves."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openpyxl
import pytest
from apiflask import APIFlask
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from gis.base.runtime import Runtime
from gis.ledgers import LEDGERS
from gis.projects.tables import Project
from tests.web.conftest import Visitor, log_in

Visitors = Callable[[str], Visitor]


@pytest.fixture
def grid(own_app: APIFlask, city_template: Any) -> Visitor:
    """A grid manager on a clone: what is done here is committed."""
    return log_in(own_app, "grid", city_template[1]["grid"])


def upload(
    visitor: Visitor, path: str, body: bytes, name: str = "a.xlsx", **form: str
) -> TestResponse:
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(body), name), **form}
    return visitor.http.post(path, data=data, content_type="multipart/form-data")


def workbook(visitor: Visitor, path: str = "/ledgers/projects.xlsx") -> openpyxl.Workbook:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hidden(name: str, page: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, page[:2000]
    return match[1]


def figures(page: str) -> list[int]:
    """Read, added, changed, unchanged, refused."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page)[:5]]


@pytest.mark.parametrize("key", list(LEDGERS))
def test_every_ledger_has_its_page_schema_and_template(visitors: Visitors, key: str) -> None:
    grid = visitors("grid")
    page = grid.get(f"/ledgers/{key}")
    assert page.status_code == 200 and LEDGERS[key].title in page.text
    listed = grid.get(f"/api/ledgers/{key}?per=3").json
    schema = grid.get(f"/api/ledgers/{key}/schema").json
    assert 0 < len(listed["rows"]) <= 3
    for found in listed["rows"]:
        assert set(found) == set(schema["properties"])
        assert grid.get(f"/ledgers/{key}/{found['id']}").status_code == 200
        assert grid.get(f"/api/ledgers/{key}/{found['id']}").json["row"] == found
    assert grid.get(f"/ledgers/{key}/template.xlsx").data[:2] == b"PK"


def test_the_index_lists_what_the_role_may_read(visitors: Visitors) -> None:
    assert "党员台账" in visitors("grid").get("/ledgers").text
    page = visitors("audit").get("/ledgers").text
    assert "项目台账" in page and "党员台账" not in page
    assert "/ledgers/projects/template.xlsx" not in page


def test_pages_in_english_say_english(visitors: Visitors) -> None:
    page = visitors("grid").get("/ledgers/projects?lang=en").text
    assert "Export to Excel" in page and "Filter" in page
    visitors("grid").get("/ledgers?lang=zh")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ledgers/nothing", 404),
        ("/ledgers/projects/999999999999", 404),
        ("/ledgers/projects/99999999999999999999999", 404),
        ("/ledgers/projects?sort=nobody", 422),
        ("/ledgers/projects?nobody=1", 422),
        ("/ledgers/projects?sort=title;drop", 422),
        ("/ledgers/projects?page=-1", 422),
        ("/ledgers/projects?page=" + "9" * 5000, 422),
        ("/ledgers/projects?page=999999999999", 200),
        ("/ledgers/projects?per=99999", 200),
        ("/ledgers/projects?title=%00", 422),
        ("/ledgers/members?phone=138", 422),
        ("/ledgers/members.xlsx", 403),
        ("/ledgers/members.csv", 403),
        ("/ledgers/projects?state=accepted&state=in_work&q=&sort=-budget_fen", 200),
    ],
)
def test_addresses_answer_calmly(visitors: Visitors, path: str, status: int) -> None:
    assert visitors("grid").get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ledgers/members", 403),
        ("/api/ledgers/members", 403),
        ("/api/ledgers/members/schema", 403),
        ("/ledgers/projects.xlsx", 403),
        ("/ledgers/projects.csv", 403),
        ("/ledgers/projects/template.xlsx", 403),
        ("/ledgers/projects", 200),
    ],
)
def test_an_auditor_reads_and_takes_nothing(visitors: Visitors, path: str, status: int) -> None:
    assert visitors("audit").get(path).status_code == status


def test_nobody_reads_without_a_log_in(shared_app: APIFlask) -> None:
    stranger = shared_app.test_client()
    assert stranger.get("/api/ledgers/projects").status_code == 401
    assert stranger.get("/ledgers/projects").status_code == 302
    assert stranger.get("/ledgers/projects.xlsx").status_code in (302, 401)


def test_phones_are_masked_everywhere(visitors: Visitors) -> None:
    for path in ("/ledgers/members", "/api/ledgers/members?per=200"):
        page = visitors("grid").get(path).text
        assert "199****" in page and not re.search(r"1990\d{7}", page)


def test_a_row_leads_to_the_map(visitors: Visitors) -> None:
    page = visitors("grid").get("/ledgers/projects").text
    assert re.search(r'href="/map\?at=1\d\d\.\d+,\d\d\.\d+&amp;unit=\d+"', page)


def test_filters_survive_sorting_and_paging(visitors: Visitors) -> None:
    page = visitors("grid").get("/ledgers/projects?kind=construction&per=10&q=项").text
    links = re.findall(r'href="(/ledgers/projects\?[^"]*(?:sort|page)=[^"]*)"', page)
    assert links and all("kind=construction" in link and "q=" in link for link in links)


def test_a_script_in_a_name_stays_a_text(own_city: Runtime, grid: Visitor) -> None:
    with own_city.load() as session:
        first = grid.get("/api/ledgers/projects?per=1").json["rows"][0]["id"]
        session.execute(
            update(Project)
            .where(Project.project_id == first)
            .values(title="<script>alert(1)</script>", lead_unit='"><img src=x>')
        )
    for path in ("/ledgers/projects", f"/ledgers/projects/{first}"):
        page = grid.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page


def test_export_edit_preview_confirm(own_city: Runtime, grid: Visitor) -> None:
    book = workbook(grid)
    page = book["项目台账"]
    head = {cell.value: cell.column for cell in page[1]}
    page.cell(2, head["预算（元）*"]).value = "1.5万"
    page.cell(3, head["台账*"]).value = "建社"
    total = page.max_row - 1
    shown = upload(grid, "/ledgers/projects/import", saved(book)).text
    assert figures(shown) == [total, 0, 1, total - 2, 1] and "建设项目" in shown
    row_id = page.cell(2, 1).value
    with own_city.read() as session:
        assert session.get(Project, row_id).budget_fen != 1_500_000
    form = {name: hidden(name, shown) for name in ("token", "digest", "file_name")}
    done = grid.send("/ledgers/projects/import/confirm", **form)
    assert figures(done.text) == [total, 0, 1, total - 2, 1] and "已写入" in done.text
    with own_city.read() as session:
        assert session.get(Project, row_id).budget_fen == 1_500_000
    again = grid.send("/ledgers/projects/import/confirm", **form)
    assert again.status_code == 404


def test_a_preview_that_no_longer_holds_is_shown_anew(own_city: Runtime, grid: Visitor) -> None:
    book = workbook(grid)
    page = book["项目台账"]
    page.cell(2, 3).value = "改个名"
    row_id = page.cell(2, 1).value
    shown = upload(grid, "/ledgers/projects/import", saved(book)).text
    with own_city.begin() as session:
        session.execute(
            update(Project).where(Project.project_id == row_id).values(lead_unit="别人")
        )
    form = {name: hidden(name, shown) for name in ("token", "digest", "file_name")}
    stale = grid.send("/ledgers/projects/import/confirm", **form).text
    assert "没有写入" in stale and "导出之后有人改过" in stale
    with own_city.read() as session:
        assert session.get(Project, row_id).title != "改个名"


def test_a_preview_belongs_to_its_account_and_ledger(
    own_app: APIFlask, grid: Visitor, city_template: Any
) -> None:
    book = workbook(grid)
    book["项目台账"].cell(2, 3).value = "改个名"
    shown = upload(grid, "/ledgers/projects/import", saved(book)).text
    form = {name: hidden(name, shown) for name in ("token", "digest", "file_name")}
    other = log_in(own_app, "admin", city_template[1]["admin"])
    assert other.send("/ledgers/projects/import/confirm", **form).status_code == 404
    assert grid.send("/ledgers/branches/import/confirm", **form).status_code == 404
    for token in ("../../keys/field.key", "", "a" * 22, "é" * 22):
        answer = grid.send("/ledgers/projects/import/confirm", **{**form, "token": token})
        assert answer.status_code == 404


def test_import_over_the_api(grid: Visitor) -> None:
    body = saved(workbook(grid, "/ledgers/branches.xlsx"))
    answer = upload(grid, "/api/ledgers/branches/import", body, dry_run="1")
    assert answer.status_code == 200 and answer.json["read"] == answer.json["unchanged"] > 0
    assert answer.json["dry_run"] is True and answer.json["problems"] == []
    csv = "小区,党支部名称\n没有这里,某支部\n".encode()
    answer = upload(grid, "/api/ledgers/branches/import", csv, "a.csv")
    (problem,) = answer.json["problems"]
    assert (problem["row"], problem["field"], problem["code"]) == (2, "小区", "unknown_value")
    assert upload(grid, "/api/ledgers/branches/import", b"\xd0\xcf\x11\xe0" * 9).status_code == 422
    assert grid.send("/api/ledgers/branches/import").status_code == 422


def test_a_button_pressed_twice_adds_its_rows_once(
    own_app: APIFlask, own_city: Runtime, grid: Visitor, city_template: Any
) -> None:
    place = grid.get("/api/ledgers/compounds?per=1").json["rows"][0]["name"]
    body = "项目名称,台账,专项,所属辖区,预算,点单日期\n" + "".join(
        f"一次{n},建设项目,社区建设,{place},1万,2024-01-0{n}\n" for n in range(1, 6)
    )
    again = log_in(own_app, "grid", city_template[1]["grid"])
    with ThreadPoolExecutor(2) as pool:
        work = [
            pool.submit(upload, one, "/api/ledgers/projects/import", body.encode(), "a.csv")
            for one in (grid, again)
        ]
        done = sorted(w.result().json["added"] for w in work)
    assert done == [0, 5]
    with own_city.read() as session:
        titles = session.scalars(
            select(Project.title).where(Project.title.startswith("一次"))
        ).all()
    assert len(titles) == 5


def test_imports_ask_for_the_role_and_the_token(
    own_app: APIFlask, grid: Visitor, city_template: Any
) -> None:
    dispatcher = log_in(own_app, "dispatch", city_template[1]["dispatch"])
    assert upload(dispatcher, "/ledgers/projects/import", b"x").status_code == 403
    grid.token = "forged"
    assert upload(grid, "/ledgers/projects/import", b"x").status_code == 400


def test_an_export_is_in_the_journal(own_city: Runtime, grid: Visitor) -> None:
    answer = grid.get("/ledgers/projects.csv?kind=work")
    assert (
        answer.data.startswith(b"\xef\xbb\xbf")
        and "attachment" in answer.headers["Content-Disposition"]
    )
    with own_city.read() as session:
        kept = session.execute(
            text("SELECT verb, subject, detail FROM journal ORDER BY journal_id DESC LIMIT 1")
        ).one()
    assert kept[:2] == ("export", "projects") and kept[2]["filters"] == {"kind": ["work"]}


def requested(visitor: Visitor) -> int:
    """A project that the visitor sees and that awaits the street's screening."""
    return visitor.get("/api/ledgers/projects?state=requested").json["rows"][0]["id"]


def test_a_grid_manager_moves_a_project(own_city: Runtime, grid: Visitor) -> None:
    row_id = requested(grid)
    path = f"/ledgers/projects/{row_id}"
    page = grid.get(path).text
    assert "街道审核通过" in page and "退回" in page and "销号</button>" not in page
    assert grid.send(f"{path}/moves", verb="screen").status_code == 303
    assert "街道已审" in grid.get(path).text
    assert grid.send(f"{path}/moves", verb="close_out").status_code == 409
    assert grid.send(f"{path}/moves", verb="return").status_code == 422  # a reason is needed
    assert grid.send(f"{path}/moves", verb="fly").status_code == 422
    moved = grid.post(f"/api{path}/moves", json={"verb": "return", "reason": "材料不全<b>"})
    assert moved.json["row"]["state"] == "returned" and "request" in moved.json["moves"]
    page = grid.get(path).text
    assert "材料不全&lt;b&gt;" in page and "<b>" not in page.split("材料不全")[1][:3]
    with own_city.read() as session:
        verbs = session.scalars(
            text(
                f"SELECT verb FROM journal WHERE subject = 'project' "
                f"AND subject_id = {row_id} ORDER BY journal_id"
            )
        ).all()
    assert verbs == ["screen", "return"]


def test_moves_ask_for_the_role(own_app: APIFlask, city_template: Any) -> None:
    dispatcher = log_in(own_app, "dispatch", city_template[1]["dispatch"])
    path = f"/ledgers/projects/{requested(dispatcher)}"
    assert "街道审核通过" not in dispatcher.get(path).text
    assert dispatcher.send(f"{path}/moves", verb="screen").status_code == 403
    assert dispatcher.send("/ledgers/branches/1/moves", verb="screen").status_code == 404
    assert dispatcher.post(f"/api{path}/moves", json={"verb": 7}).status_code == 422


def test_a_committee_is_moved_on_its_page(grid: Visitor) -> None:
    listed = grid.get("/api/ledgers/owners_committees?state=filed").json["rows"]
    path = f"/ledgers/owners_committees/{listed[0]['id']}"
    assert grid.send(f"{path}/moves", verb="fall_due").status_code == 303
    assert "届满待换届" in grid.get(path).text
