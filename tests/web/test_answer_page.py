"""The phone page: small, without scripts, for one person; opening it changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from gis.base.runtime import Runtime
from gis.base.settings import Settings
from gis.mobilization import links


@dataclass
class Phone:
    """A phone that opened one member's link, with nothing else: no cookie, no token."""

    http: Any
    path: str
    city: Runtime
    assignment_id: int

    def get(self, **how: Any) -> Any:
        return self.http.get(self.path, **how)

    def send(self, **form: str) -> Any:
        return self.http.post(self.path, data=form)

    def state(self) -> str:
        query = text("SELECT state FROM assignment WHERE assignment_id = :id")
        with self.city.read() as session:
            return session.scalar(query, {"id": self.assignment_id})

    def moves(self) -> int:
        with self.city.read() as session:
            return session.scalar(text("SELECT count(*) FROM transition"))


@pytest.fixture
def phone(activated: int, own_app: APIFlask, own_city: Runtime, settings: Settings) -> Phone:
    with own_city.read() as session:
        one = session.scalar(text("SELECT min(assignment_id) FROM assignment"))
    client = own_app.test_client(use_cookies=False)
    return Phone(client, f"/a/{links.answer_token(settings, one)}", own_city, one)


def test_it_is_small_and_complete_in_itself(phone: Phone) -> None:
    answer = phone.get()
    assert answer.status_code == 200
    assert len(answer.data) < 30_000 - 2_000  # headers too
    page = answer.text
    assert "<script" not in page and not re.search(r'(?:src|href)="(?!\?lang|data:,)', page)
    assert "能到岗" in page and "不能到岗" in page and "已到岗" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_opening_it_answers_for_nobody(phone: Phone) -> None:
    for _ in range(3):
        phone.get()
        phone.http.head(phone.path)
    assert (phone.state(), phone.moves()) == ("sent", 0)


def test_nobody_else_is_on_it(phone: Phone) -> None:
    page = phone.get().text
    with phone.city.read() as session:
        own = session.scalar(
            text("SELECT m.name FROM member m JOIN assignment USING (member_id) "
                 "WHERE assignment_id = :id"), {"id": phone.assignment_id},
        )  # fmt: skip
    assert set(re.findall(r"演示成员\d+", page)) == {own}
    assert not re.search(r"1\d{10}", page)


def test_accept_arrive_and_again(phone: Phone) -> None:
    for verb, state in (("acknowledge", "acknowledged"), ("arrive", "on_post")):
        for _ in range(3):  # a bad network repeats itself
            answer = phone.send(verb=verb)
            assert answer.status_code == 303
        assert phone.state() == state
    assert phone.moves() == 2
    assert "您已到岗" in phone.get().text


def test_a_refusal_needs_one_of_the_reasons(phone: Phone) -> None:
    for wrong in ({}, {"reason": ""}, {"reason": "<script>"}):
        assert phone.send(verb="decline", **wrong).status_code == 422
    assert phone.state() == "sent"
    assert phone.send(verb="decline", reason="ill").status_code == 303
    assert phone.send(verb="decline", reason="ill").status_code == 303
    assert (phone.state(), phone.moves()) == ("declined", 1)
    assert phone.send(verb="arrive").status_code == 409


@pytest.mark.parametrize("verb", ["relieve", "stand_down", "", "delete"])
def test_a_link_does_no_more_than_answer(phone: Phone, verb: str) -> None:
    assert phone.send(verb=verb).status_code == 422
    assert phone.state() == "sent"


def test_a_changed_or_made_up_link_is_gone(phone: Phone) -> None:
    token = phone.path.removeprefix("/a/")
    for wrong in (token[:-3] + "abc", "x", token + "x", "1.2.3", "a" * 5000):
        answer = phone.http.get(f"/a/{wrong}")
        assert answer.status_code == 410, wrong[:20]
        assert "链接" in answer.text
        assert phone.http.post(f"/a/{wrong}", data={"verb": "arrive"}).status_code == 410
    assert phone.state() == "sent"


def test_a_late_link_is_gone(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4_000_000_000)
    answer = phone.get()
    assert answer.status_code == 410 and "过期" in answer.text


def test_after_the_stand_down_no_answer_is_taken(
    phone: Phone, dispatcher: Any, activated: int
) -> None:
    dispatcher.send(f"/activations/{activated}/stand-down", reason="退水")
    page = phone.get()
    assert page.status_code == 200 and "响应已解除" in page.text and "<button" not in page.text
    assert phone.send(verb="acknowledge").status_code == 409


def test_it_speaks_english(phone: Phone) -> None:
    page = phone.get(query_string={"lang": "en"}).text
    assert "I can come" in page and "Place" in page
