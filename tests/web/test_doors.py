"""Users, passwords, sessions, tokens, waiting: each rule by itself."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from personae.web.auth import throttle
from personae.web.auth.access import COOKIE, Access
from personae.web.auth.keys import IDLE_S, LONGEST_S, Keys
from personae.web.auth.origins import demand_same_site, demand_this_machine
from personae.web.auth.roles import Role, needs
from personae.web.auth.store import FILE, UserStore
from personae.web.auth.throttle import Throttle
from personae.web.refusals import (
    CrossSite,
    HostRefused,
    LastAdmin,
    NotSignedIn,
    TooManyTries,
    UnknownUser,
    UserRefused,
    UsersMissing,
    WrongPassword,
)
from personae.web.run import demand_users
from personae.web.site import WebSettings

PASSWORD = "correct horse battery"


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(tmp_path: Path, clock: Clock) -> UserStore:
    store = UserStore(tmp_path, clock)
    store.add("Ada", PASSWORD, "admin")
    return store


def test_nothing_is_written_before_there_is_a_user(tmp_path: Path) -> None:
    store = UserStore(tmp_path)
    assert not store.any() and store.all() == [] and Keys(store).tokens() == []
    with pytest.raises(UserRefused, match="first user"):
        store.add("vic", PASSWORD, "viewer")
    store.add("ada", PASSWORD, "admin")
    assert store.any()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_only_hashes_are_kept(users: UserStore, tmp_path: Path) -> None:
    keys = Keys(users)
    session, (_, token) = keys.open_session("Ada"), keys.make_token("Ada", "x")
    kept = (tmp_path / FILE).read_bytes()
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in kept
    for secret in (PASSWORD, session, token, token.removeprefix("psn_")):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [
        ("", PASSWORD, "viewer"),
        ("a b", PASSWORD, "viewer"),
        ("../x", PASSWORD, "viewer"),
        ("x" * 65, PASSWORD, "viewer"),
        ("ada", PASSWORD, "viewer"),
        ("vic", "too short", "viewer"),
        ("vic", "x" * 1025, "viewer"),
        ("victoria.regina", "Victoria.Regina", "viewer"),
        ("vic", PASSWORD, "king"),
    ],
)
def test_what_will_not_do(users: UserStore, name: str, password: str, role: Role) -> None:
    with pytest.raises(UserRefused):
        users.add(name, password, role)
    assert [user.name for user in users.all()] == ["Ada"]


def test_somebody_rules_as_long_as_there_is_anybody(users: UserStore) -> None:
    users.add("vic", PASSWORD, "viewer")
    with pytest.raises(LastAdmin):
        users.remove("ada")
    with pytest.raises(LastAdmin):
        users.set_role("ada", "editor")
    assert users.get("ada").role == "admin"
    assert users.set_role("vic", "admin").role == "admin"
    users.remove("ada")
    users.remove("VIC")
    assert not users.any()
    with pytest.raises(UnknownUser):
        users.get("vic")


def test_a_session_ends_when_unused_and_in_any_case(users: UserStore, clock: Clock) -> None:
    keys = Keys(users)
    unused, used = keys.open_session("ada"), keys.open_session("ada")
    began = clock.now
    while clock.now < began + LONGEST_S - IDLE_S / 2:
        assert keys.of_session(used) is not None
        clock.now += IDLE_S / 2
    assert keys.of_session(unused) is None
    clock.now = began + LONGEST_S
    assert keys.of_session(used) is None


def test_a_new_password_ends_sessions_and_removal_ends_everything(users: UserStore) -> None:
    users.add("vic", PASSWORD, "viewer")
    keys = Keys(users)
    session, (_, token) = keys.open_session("vic"), keys.make_token("vic", "x")
    users.set_password("vic", PASSWORD + "!")
    assert keys.of_session(session) is None
    assert keys.of_token(token) is not None
    session = keys.open_session("vic")
    users.remove("vic")
    assert keys.of_session(session) is None and keys.of_token(token) is None


def test_a_token_does_no_more_than_its_user_and_ends(users: UserStore, clock: Clock) -> None:
    users.add("eddy", PASSWORD, "editor")
    keys = Keys(users)
    with pytest.raises(UserRefused):
        keys.make_token("eddy", "x", "admin")
    made, key = keys.make_token("eddy", "x", "editor", days=1)
    found = keys.of_token(key)
    assert found is not None and (found.name, found.role, found.how) == ("eddy", "editor", "token")
    users.set_role("eddy", "viewer")
    lowered = keys.of_token(key)
    assert lowered is not None and lowered.role == "viewer"
    clock.now += 24 * 3600
    assert keys.of_token(key) is None
    keys.take_back(made.id)
    with pytest.raises(UnknownUser):
        keys.take_back(made.id)


def test_wrong_passwords_have_to_wait_ever_longer() -> None:
    clock = Clock()
    door = Throttle(clock)
    waits = []
    for _ in range(throttle.PAIR.free + 12):
        try:
            door.demand("ada", "10.0.0.1")
        except TooManyTries as error:
            waits.append(error.wait_s)
            clock.now += error.wait_s
            door.demand("ada", "10.0.0.1")
        door.wrong("ADA", "10.0.0.1")
    assert waits[:4] == [2, 4, 8, 16] and waits[-1] == throttle.PAIR.longest_s
    # Somebody else is not kept waiting, and who was away long enough begins afresh
    door.demand("ada", "10.0.0.2")
    door.demand("eve", "10.0.0.1")
    clock.now += throttle.PAIR.longest_s
    door.demand("ada", "10.0.0.1")


def test_many_names_from_one_address_have_to_wait_too() -> None:
    door = Throttle(Clock())
    for number in range(throttle.ADDRESS.free):
        door.demand(f"user{number}", "10.0.0.1")
        door.wrong(f"user{number}", "10.0.0.1")
    with pytest.raises(TooManyTries):
        door.demand("another", "10.0.0.1")


def test_many_addresses_for_one_name_wait_but_not_for_long() -> None:
    clock = Clock()
    door = Throttle(clock)
    for number in range(throttle.USER.free + 20):
        door.wrong("ada", f"10.0.1.{number}")
    with pytest.raises(TooManyTries) as caught:
        door.demand("ada", "10.0.0.1")
    assert caught.value.wait_s <= throttle.USER.longest_s == 60


def test_memory_of_wrong_tries_is_bounded() -> None:
    door = Throttle(Clock())
    for number in range(throttle.MOST):
        door.wrong(f"user{number}", f"address{number}")
    assert len(door._wrong) == throttle.MOST


def test_sign_in_tells_nobody_who_there_is(users: UserStore) -> None:
    access = Access(users, is_local=True)
    with pytest.raises(WrongPassword) as known:
        access.sign_in("ada", "not the password", "10.0.0.1")
    with pytest.raises(WrongPassword) as unknown:
        access.sign_in("nobody", "not the password", "10.0.0.1")
    assert known.value.message == unknown.value.message
    key = access.sign_in("ADA", PASSWORD, "10.0.0.1")
    found = access.identify({"cookie": f"other=1; {COOKIE}={key}"})
    assert found is not None and (found.name, found.role) == ("Ada", "admin")


def test_without_users_only_this_machine_is_somebody(tmp_path: Path) -> None:
    here = Access(UserStore(tmp_path), is_local=True).identify({})
    assert here is not None and (here.role, here.how) == ("admin", "local")
    assert Access(UserStore(tmp_path), is_local=False).identify({}) is None
    with pytest.raises(NotSignedIn):
        Access(UserStore(tmp_path), is_local=True).identify({"authorization": "Bearer psn_x"})


@pytest.mark.parametrize(
    "web",
    [WebSettings(host="0.0.0.0"), WebSettings(host="::"), WebSettings(behind_proxy=True)],
    ids=str,
)
def test_nobody_else_is_let_near_a_library_without_users(tmp_path: Path, web: WebSettings) -> None:
    with pytest.raises(UsersMissing):
        demand_users(tmp_path, web)
    demand_users(tmp_path, WebSettings())
    UserStore(tmp_path).add("ada", PASSWORD, "admin")
    demand_users(tmp_path, web)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8017", "[::1]:8017", "LOCALHOST"])
def test_this_machine_by_its_names(host: str) -> None:
    demand_this_machine({"host": host})
    with pytest.raises(HostRefused):
        demand_this_machine({"host": host, "x-forwarded-for": "10.0.0.1"})


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "0.0.0.0", "[", "127.0.0.1@evil.example"]
)
def test_this_machine_by_another_name(host: str) -> None:
    with pytest.raises(HostRefused):
        demand_this_machine({"host": host})


HERE = {"host": "faces.example:443"}


@pytest.mark.parametrize(
    ("headers", "strict", "refused"),
    [
        ({"origin": "https://faces.example:443"}, True, False),
        ({"origin": "https://evil.example"}, False, True),
        ({"origin": "https://faces.example"}, False, True),
        ({"origin": "null"}, False, True),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False, True),
        ({"sec-fetch-site": "same-origin"}, True, False),
        ({"sec-fetch-site": "none"}, True, False),
        ({"sec-fetch-site": "same-site"}, False, True),
        ({"sec-fetch-site": "cross-site"}, False, True),
        ({}, False, False),
        ({}, True, True),
    ],
)
def test_other_sites_change_nothing(headers: dict[str, str], strict: bool, refused: bool) -> None:
    def ask(method: str) -> Callable[[], None]:
        return lambda: demand_same_site(method, {**HERE, **headers}, strict=strict)

    for method in ("GET", "HEAD"):
        ask(method)()
    for method in ("POST", "PUT", "PATCH", "DELETE", "WEBSOCKET"):
        if refused:
            with pytest.raises(CrossSite):
                ask(method)()
        else:
            ask(method)()


def test_a_role_that_is_none_is_a_mistake_at_once() -> None:
    with pytest.raises(ValueError, match="king"):
        needs("king")  # type: ignore[arg-type]


def test_the_file_of_users_is_its_own(users: UserStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as rows:
        names = {name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE sql > ''")}
    rows.close()
    assert {"user", "session", "token"} <= names
    assert not (tmp_path / "library.db").exists()
