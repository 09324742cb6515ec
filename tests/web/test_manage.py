"""Who may manage, and what only they may see and do: attacks on the sign-in, the cookie, the forms and the way in from a proxy."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from werkzeug.test import Client

from repo_harvest.model import Outcome, Run
from repo_harvest.store import ledger, schema, sessions
from repo_harvest.store.engine import open_engine, reading
from repo_harvest.store.steering import steered
from repo_harvest.store.tables import attempts
from repo_harvest.store.tables import sessions as kept
from repo_harvest.web.client import Clients
from repo_harvest.web.door import Access, Door
from tests.laws import tries
from tests.store.kit import Clock, dump
from tests.web.desk import PASSWORD, SOURCE, USERS, Browser, service
from tests.web.shelf import REPOSITORY

PLAIN = replace(REPOSITORY, base_url="http://localhost/oai")
OPEN = Access(users=USERS)
PROXIED = Access(header="RemoteUser", proxies=["203.0.113.0/24"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def browser(engine: Engine, clock: Clock) -> Browser:
    return Browser(service(engine, PLAIN, clock, OPEN))


@pytest.fixture
def quick(new_database_url: Callable[[str], str]) -> Iterator[Engine]:
    """For what the kind of database cannot change."""
    engine = open_engine(new_database_url("sqlite"))
    yield engine
    engine.dispose()


@pytest.fixture
def anna(quick: Engine, clock: Clock) -> Browser:
    """Somebody who is signed in."""
    browser = Browser(service(quick, PLAIN, clock, OPEN))
    browser.sign_in()
    return browser


# --- the pages ---


def test_a_manager_sees_the_sources_and_asks_for_runs(browser: Browser, engine: Engine, clock: Clock) -> None:
    browser.follow(browser.sign_in())
    assert "It was never run." in browser.get().text
    for what, shown in (("run", "To be run"), ("pause", "Paused"), ("resume", "To be run")):
        assert f"<strong>{shown}</strong>" in browser.press(what).text
    held = steered(engine)[SOURCE[0]]
    assert (held.asked_at, held.asked_by, held.paused_at) == (int(clock.now), "anna", None)
    assert ">Pause</button>" in browser.get().text


def test_runs_are_shown_with_counts_and_what_was_said(browser: Browser, engine: Engine, clock: Clock) -> None:
    browser.sign_in()
    source_id, now = ledger.source_state(engine, *SOURCE).id, int(clock.now)
    with ledger.run_lock(engine, source_id):
        number = ledger.start_run(engine, source_id, started=now)
        message = "<script>alert(1)</script>\u202e"
        run = Run(source=SOURCE[0], started=now, ended=now + 9, outcome=Outcome.REFUSED, refused=17, message=message)
        ledger.finish_run(engine, number, run)
    for path in ("admin/", "admin/runs", f"admin/runs/{SOURCE[0]}"):
        text = browser.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\ufffd" in text, path
        assert "refused" in text
        assert "17" in text
    assert browser.get("admin/runs/nothing").status_code == 404
    assert browser.get("admin/runs/%00").status_code == 404


def test_without_managers_there_is_nothing_at_all(quick: Engine, clock: Clock) -> None:
    shut = Browser(service(quick, PLAIN, clock, None))
    before = dump(quick)
    for path in ("admin", "admin/sign-in", "admin/sign-out", f"admin/source/{SOURCE[0]}/run", "admin/runs"):
        for answer in (shut.get(path), shut.post(path, name="anna", password=PASSWORD, token="x")):
            assert answer.status_code == 404
            assert "Set-Cookie" not in answer.headers
    assert dump(quick) == before


def test_nobody_else_sees_or_does_anything(quick: Engine, clock: Clock) -> None:
    stranger = Browser(service(quick, PLAIN, clock, OPEN))
    before = dump(quick)
    for path in ("admin", "admin/", "admin/runs", f"admin/runs/{SOURCE[0]}", "admin/runs/nothing"):
        assert "Sign in" in stranger.follow(stranger.get(path)).text
    token = stranger.token("admin/sign-in")
    for what in ("run", "pause", "resume"):
        assert stranger.post(f"admin/source/{SOURCE[0]}/{what}", token=token).status_code == 403
    assert dump(quick) == before


def test_nothing_is_done_by_get_or_by_a_method_in_disguise(anna: Browser, quick: Engine) -> None:
    token, before = anna.token(), dump(quick)
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"):
        assert anna.get(f"admin/source/{SOURCE[0]}/pause?token={token}", method=method).status_code == 405
        assert anna.get(f"admin/sign-out?token={token}", method=method).status_code == 405
    anna.headers = {"X-HTTP-Method-Override": "POST"}
    assert anna.get(f"admin/source/{SOURCE[0]}/pause?token={token}&_method=POST").status_code == 405
    assert dump(quick) == before


# --- signing in ---


def test_what_is_wrong_is_not_told_apart(browser: Browser, engine: Engine) -> None:
    tries = [("anna", "wrong"), ("nobody", PASSWORD), ("", ""), ("anna", ""), ("anna\0", PASSWORD), ("Anna", PASSWORD)]
    tries += [("ben", PASSWORD), ("anna", PASSWORD + " "), ("' OR 1=1 --", "x"), ("anna", "\ud7ff" * 900)]
    answers = [browser.sign_in(name, password) for name, password in tries]
    assert {answer.status_code for answer in answers} == {403}
    assert len({re.sub('value="[0-9a-f]{64}"', "", answer.text) for answer in answers}) == 1
    assert browser.sign_in().status_code == 303
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(kept)).scalar_one() == 1


def test_a_name_that_does_not_exist_costs_as_much_as_a_wrong_password(quick: Engine, clock: Clock) -> None:
    costly = PasswordHasher(time_cost=3, memory_cost=16_384, parallelism=1).hash(PASSWORD)
    door = Door(Access(users={"anna": costly}), quick, Clients())
    took = {name: [cost_of(door, name, int(clock.now)) for _ in range(6)] for name in ("anna", "nobody")}
    assert min(took["anna"]) < 3 * min(took["nobody"])
    assert min(took["nobody"]) < 3 * min(took["anna"])


def cost_of(door: Door, name: str, now: int) -> float:
    """The seconds of processor time that a wrong password takes."""
    began = time.process_time()
    assert door.sign_in({"REMOTE_ADDR": "192.0.2.9"}, name, "wrong", now=now) is None
    return time.process_time() - began


def test_behind_a_folder_of_a_proxy_every_way_stays_in_it(quick: Engine, clock: Clock) -> None:
    app = service(quick, replace(PLAIN, base_url="http://localhost/a/b/oai"), clock, OPEN)
    for sent in ("", "/a/b"):
        for path in ("/admin", "/admin/", "/admin/runs", "/admin/runs/x"):
            answer = Client(app).get(sent + path)
            assert (
                urljoin(f"http://localhost/a/b{path}", answer.headers["Location"])
                == "http://localhost/a/b/admin/sign-in"
            )


def test_a_field_that_is_there_twice_says_nothing(anna: Browser) -> None:
    other = Browser(anna.app)
    token = other.token("admin/sign-in")
    answer = other.post("admin/sign-in", name=["anna", "ben"], password=PASSWORD, token=token)
    assert answer.status_code == 403
    assert other.post("admin/sign-in", name="anna", password=PASSWORD, token=[token, token]).status_code == 403


def test_guessing_is_slowed_for_a_name_whoever_asks_and_ends_by_itself(engine: Engine, clock: Clock) -> None:
    for name in ("anna", "nobody"):
        statuses = [
            Browser(service(engine, PLAIN, clock, OPEN), address=f"198.51.100.{n}").sign_in(name, "x").status_code
            for n in range(12)
        ]
        assert statuses == [403] * 10 + [429] * 2, "each asks another worker, from another address"
    late = Browser(service(engine, PLAIN, clock, OPEN))
    locked = late.sign_in()
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900"), "the right password does not help"
    assert late.sign_in("ben", "another secret of ben").status_code == 303
    clock.now += 900
    assert Browser(late.app).sign_in().status_code == 303


def test_guessing_is_slowed_for_an_address_whatever_name_is_tried(engine: Engine, clock: Clock) -> None:
    app = service(engine, PLAIN, clock, OPEN)
    statuses = []
    for n in range(31):  # a network of IPv6 is one; what is said in X-Forwarded-For by none of our proxies is nothing
        browser = Browser(app, address=f"2001:db8::{n:x}", headers={"X-Forwarded-For": f"10.0.0.{n}"})
        statuses.append(browser.sign_in(f"name-{n}", "x").status_code)
    assert statuses == [403] * 30 + [429]
    assert Browser(app, address="192.0.2.1", headers={"X-Forwarded-For": "198.51.100.1"}).sign_in().status_code == 303


def test_attempts_that_come_at_once_find_no_more_room(engine: Engine) -> None:
    with ThreadPoolExecutor(6) as many:
        asked = [
            many.submit(sessions.attempt, engine, [("name", 3), ("address", 9)], now=5, window=9) for _ in range(18)
        ]
        assert sum(one.result() for one in asked) <= 3
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).where(attempts.c.who == "name")).scalar_one() >= 3


def test_success_forgives_the_name(browser: Browser) -> None:
    for _ in range(3):
        for _ in range(8):
            assert Browser(browser.app, address="192.0.2.9").sign_in("anna", "x").status_code in {403, 429}
        assert Browser(browser.app).sign_in().status_code == 303


# --- the session ---


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(quick: Engine, clock: Clock) -> None:
    plain = Browser(service(quick, PLAIN, clock, OPEN)).get("admin/sign-in").headers["Set-Cookie"]
    assert re.fullmatch(r"repo-harvest=[0-9a-f]{64}\.[0-9a-f]{64}; HttpOnly; Path=/; SameSite=Lax", plain)
    secure = service(quick, REPOSITORY, clock, replace(OPEN, is_tls=True))
    answer = Browser(secure).get("admin/sign-in")
    given = r"__Host-repo-harvest=[0-9a-f]{64}\.[0-9a-f]{64}; Secure; HttpOnly; Path=/; SameSite=Lax"
    assert re.fullmatch(given, answer.headers["Set-Cookie"])
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_signing_out_ends_the_session_for_whoever_holds_its_cookie(browser: Browser, engine: Engine) -> None:
    browser.sign_in()
    thief = Browser(browser.app, jar=dict(browser.jar))
    assert thief.get().status_code == 200
    browser.follow(browser.post("admin/sign-out", token=browser.token()))
    assert browser.get().status_code == thief.get().status_code == 303
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(kept)).scalar_one() == 0


def test_a_session_ends_after_eight_hours_whatever_is_done(anna: Browser, clock: Clock) -> None:
    for _ in range(8):
        assert anna.get().status_code == 200
        clock.now += 3600
    assert anna.get().status_code == 303


def test_a_cookie_that_was_planted_before_the_sign_in_is_worth_nothing_after_it(anna: Browser) -> None:
    attacker = Browser(anna.app)
    attacker.get("admin/sign-in")
    victim = Browser(anna.app, jar=dict(attacker.jar))
    victim.sign_in()
    assert victim.get().status_code == 200
    assert victim.jar != attacker.jar
    assert attacker.get().status_code == 303


def test_two_cookies_of_our_name_are_both_passed_over(anna: Browser) -> None:
    ((name, value),) = anna.jar.items()
    for header in (f"{name}={value}; {name}={value}", f"{name}=x; {name}={value}", f"{name}={value}; {name}="):
        assert Browser(anna.app, headers={"Cookie": header}).get().status_code == 303


def test_one_who_left_or_has_a_new_password_is_signed_out(anna: Browser, quick: Engine, clock: Clock) -> None:
    for users in ({"ben": USERS["ben"]}, {"anna": USERS["ben"]}):
        app = service(quick, PLAIN, clock, Access(users=users))
        assert Browser(app, jar=dict(anna.jar)).get().status_code == 303
    assert anna.get().status_code == 200


@settings(max_examples=tries(50))
@given(data=st.data())
def test_a_cookie_with_any_bit_changed_is_nobodys(data: st.DataObject) -> None:
    anna, name, value = forger()
    bit = data.draw(st.integers(0, len(value) * 7 - 1))
    place, forged = bit // 7, chr(ord(value[bit // 7]) ^ (1 << bit % 7))
    cookie = value[:place] + forged + value[place + 1 :]
    if forged not in "\r\n":  # no server hands these on
        assert Browser(anna.app, headers={"Cookie": f"{name}={cookie}"}).get().status_code == 303


@settings(max_examples=tries(40))
@given(
    st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=200)
    | st.from_regex("[0-9a-f]{64}[.][0-9a-f]{64}", fullmatch=True)
)
def test_whatever_else_is_in_a_cookie_is_nobodys(value: str) -> None:
    anna, name, _ = forger()
    assert Browser(anna.app, headers={"Cookie": f"{name}={value}"}).get().status_code == 303
    assert Browser(anna.app, headers={"Cookie": value}).get().status_code == 303


# --- forms ---


def test_a_form_with_no_token_or_that_of_another_changes_nothing(anna: Browser, quick: Engine) -> None:
    ben = Browser(anna.app)
    before_sign_in = ben.token("admin/sign-in")
    ben.sign_in("ben", "another secret of ben")
    elsewhere = Browser(anna.app)
    elsewhere.sign_in()
    token, before = anna.token(), dump(quick, without=["attempts"])
    wrong: list[dict[str, str | list[str]]] = [
        {},
        {"token": ""},
        {"token": ben.token()},
        {"token": elsewhere.token()},
        {"token": before_sign_in},
    ]
    wrong += [
        {"token": token[:-1]},
        {"token": token.upper()},
        {"token": [token, token]},
        {"csrf": token},
        {"token": "é\0"},
    ]
    for fields in wrong:
        for path in (f"admin/source/{SOURCE[0]}/pause", "admin/sign-out"):
            assert anna.post(path, **fields).status_code == 403, fields
    assert anna.post(f"admin/source/{SOURCE[0]}/pause?token={token}").status_code == 403, "not from the address"
    assert dump(quick, without=["attempts"]) == before
    assert anna.post(f"admin/source/{SOURCE[0]}/pause", token=token).status_code == 303


def test_a_form_of_another_site_is_refused_even_with_the_token(anna: Browser) -> None:
    token = anna.token()
    for site in ("cross-site", "same-site", "x"):
        anna.headers = {"Sec-Fetch-Site": site}
        assert anna.post(f"admin/source/{SOURCE[0]}/pause", token=token).status_code == 403
    anna.headers = {"Sec-Fetch-Site": "same-origin"}
    assert anna.post(f"admin/source/{SOURCE[0]}/pause", token=token).status_code == 303


def test_a_token_of_before_the_sign_in_is_not_one_of_after(anna: Browser) -> None:
    browser = Browser(anna.app)
    early = browser.token("admin/sign-in")
    browser.sign_in()
    assert browser.post(f"admin/source/{SOURCE[0]}/run", token=early).status_code == 403


def test_nobody_is_sent_elsewhere_after_the_sign_in(anna: Browser) -> None:
    for query in ("next=https://evil.example/", "next=//evil.example", "url=%0d%0aX: 1", "return_to=/\\evil.example"):
        browser = Browser(
            anna.app,
            headers={"Host": "evil.example", "Referer": "https://evil.example/", "X-Forwarded-Host": "evil.example"},
        )
        token = browser.token("admin/sign-in")
        answer = browser.post(
            f"admin/sign-in?{query}", name="anna", password=PASSWORD, token=token, next="https://evil.example/"
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "../admin/")
        assert "evil" not in browser.get().text


def test_a_form_that_is_too_large_is_not_read(anna: Browser) -> None:
    assert anna.post("admin/sign-in", name="a" * 17_000).status_code == 413
    assert anna.post("admin/sign-in", **{f"field{n}": "x" for n in range(1500)}).status_code == 413


# --- a proxy that signs people in ---


def test_a_proxy_of_ours_says_who_it_is_and_nobody_else(quick: Engine, clock: Clock) -> None:
    app = service(quick, PLAIN, clock, PROXIED)
    trusted = Browser(app, address="203.0.113.5", headers={"RemoteUser": "anna@example.org"})
    assert "anna@example.org" in trusted.get().text
    assert "<strong>Paused</strong>" in trusted.press("pause").text
    assert steered(quick)[SOURCE[0]].paused_by == "anna@example.org"
    said = {"RemoteUser": "anna", "X-Forwarded-For": "203.0.113.5", "Forwarded": "for=203.0.113.5"}
    for address in ("198.51.100.7", "192.0.2.1", "", "unknown"):
        assert Browser(app, address=address, headers=said).get().status_code == 403
    for name in ("", " ", "anna,ben", "anna, anna", "<b>", "a" * 200, "é"):
        assert Browser(app, address="203.0.113.5", headers={"RemoteUser": name}).get().status_code == 403, name
    for name in ("Remote-User", "Remote_User", "X-RemoteUser", "RemoteUser2"):
        assert Browser(app, address="203.0.113.5", headers={name: "anna"}).get().status_code == 403, name
    for path in ("admin/sign-in", "admin/sign-out"):
        assert trusted.get(path).status_code == trusted.post(path, token=trusted.token()).status_code == 404


def test_a_header_names_nobody_where_managers_sign_in(anna: Browser) -> None:
    headers = {"RemoteUser": "anna", "Remote-User": "anna", "Authorization": "Basic YW5uYTo="}
    assert Browser(anna.app, address="127.0.0.1", headers=headers).get().status_code == 303


def test_behind_a_proxy_a_form_needs_its_token_too(quick: Engine, clock: Clock) -> None:
    browser = Browser(service(quick, PLAIN, clock, PROXIED), address="203.0.113.5", headers={"RemoteUser": "anna"})
    token = browser.token()
    browser.headers = {"RemoteUser": "ben"}
    assert browser.post(f"admin/source/{SOURCE[0]}/run", token=token).status_code == 403
    assert browser.post(f"admin/source/{SOURCE[0]}/run", token=browser.token()).status_code == 303


# --- keys and logs ---


def test_a_rotated_key_ends_every_session_at_once(browser: Browser, engine: Engine) -> None:
    browser.sign_in()
    old = (schema.session_key(engine), schema.token_key(engine))
    schema.rotate_keys(engine)
    assert len({*old, schema.session_key(engine), schema.token_key(engine)}) == 4
    assert browser.get().status_code == 303
    assert browser.sign_in().status_code == 303


def test_no_secret_is_logged_or_kept_or_shown(
    browser: Browser, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.sign_in("typed-the-password-here", "hunter2hunter2")
    browser.sign_in("anna\r\n2026-01-01 INFO admin: forged", "x")
    browser.sign_in()
    token, texts = browser.token(), [browser.get().text]
    texts += [
        browser.post("admin/sign-out", token="x").text,
        browser.post("admin/source/readings/pause", token=token).text,
    ]
    secrets = [
        PASSWORD,
        "hunter2",
        "typed-the-password",
        *USERS.values(),
        *browser.jar.values(),
        schema.session_key(engine).hex(),
    ]
    everything = [
        *(record.getMessage() for record in caplog.records),
        caplog.text,
        *texts,
        repr(dump(engine)),
        repr(OPEN),
    ]
    for text in everything:
        assert not [secret for secret in secrets if secret in text]
    assert token not in caplog.text
    assert "forged" not in caplog.text
    assert "'anna' signed in" in caplog.text


_FORGER: list[tuple[Browser, str, str]] = []


@pytest.fixture(autouse=True, scope="module")
def _forger(new_database_url_for_module: Callable[[str], str]) -> Iterator[None]:
    engine = open_engine(new_database_url_for_module("sqlite"))
    browser = Browser(service(engine, PLAIN, Clock(), OPEN))
    browser.sign_in()
    ((name, value),) = browser.jar.items()
    _FORGER.append((browser, name, value))
    yield
    assert browser.get().status_code == 200, "the cookie that forgeries were made of is a good one"
    engine.dispose()


def forger() -> tuple[Browser, str, str]:
    """Somebody signed in, for laws about cookies: the name and value of the good one."""
    return _FORGER[0]
