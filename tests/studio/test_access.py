"""Who is let in: the Host and Origin of requests and of the WebSocket, and the keys of --host."""

import socket
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from glassnet.studio.access import Access, of_address
from glassnet.studio.server import app
from glassnet.view.wire import decode
from studio.fakes import FakeHub, FakeSession

HERE = "127.0.0.1:7840"
OTHERS = ["evil.example:7840", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:7840", "localhost.:7840",
          "[::2]:7840", "evil.example", "", "127.0.0.1:7840:7840", "user@127.0.0.1:7840"]  # fmt: skip


def client(access: Access | None = None, host: str = HERE) -> TestClient:
    rules = access or Access(7840)
    return TestClient(app(FakeSession(), FakeHub(), rules), f"http://{HERE}", headers={"host": host})


def role_of(page: TestClient, path: str = "/socket", **headers: str) -> str:
    """The role in the hello that a WebSocket begins with."""
    place = str(page.base_url).replace("http", "ws", 1).rstrip("/")
    with page.websocket_connect(place + path, headers=headers) as channel:
        return str(decode(channel.receive_bytes())[0]["role"])


def test_a_host_that_is_refused_stands_nowhere_in_the_answer() -> None:
    answer = client(host="evil.example; script-src *").get("/")
    assert answer.status_code == 403
    assert "connect-src 'self';" in answer.headers["content-security-policy"]
    assert "evil" not in str(answer.headers) + answer.text


@pytest.mark.parametrize("host", [HERE, "localhost:7840", "[::1]:7840", "LOCALHOST:7840"])
def test_the_names_of_this_machine_are_let_in(host: str) -> None:
    page = client(host=host)
    assert page.get("/").status_code == 200
    assert role_of(page, origin=f"http://{host.lower()}") == "drive"


@pytest.mark.parametrize("host", OTHERS)
def test_other_hosts_get_one_line_and_no_page(host: str) -> None:
    page = client(host=host)
    for path in ("/", "/studio.js", "/studio.css", "/nothing"):
        answer = page.get(path)
        assert answer.status_code == 403
        assert (
            answer.text == "glassnet studio: this address is not the studio's: open the one that it printed\n"
        )
    with pytest.raises(WebSocketDisconnect):
        role_of(page, origin=f"http://{host}")


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://evil.example:7840", "null", "http://127.0.0.1", "http://127.0.0.1:7841",
     "https://127.0.0.1:7840", "http://localhost:7840", "", "http://127.0.0.1:7840.evil.example"],
)  # fmt: skip
def test_a_page_elsewhere_neither_opens_the_socket_nor_reads_a_file(origin: str) -> None:
    page = client()
    with pytest.raises(WebSocketDisconnect):
        role_of(page, origin=origin)
    assert page.get("/studio.js", headers={"origin": origin}).status_code == 403


def test_a_socket_without_an_origin_is_refused() -> None:
    with pytest.raises(WebSocketDisconnect):
        role_of(client())


def test_two_hosts_are_none() -> None:
    access = Access(7840)
    assert not access.host_fits([HERE, HERE])
    assert not access.host_fits([])
    assert not access.origin_fits([f"http://{HERE}"] * 2, [HERE], needed=True)


def test_at_the_port_of_http_browsers_leave_it_out() -> None:
    access = Access(80)
    assert access.host_fits(["127.0.0.1"])
    assert access.host_fits(["[::1]"])
    assert access.host_fits(["127.0.0.1:80"])
    assert not Access(7840).host_fits(["127.0.0.1"])
    assert access.links("127.0.0.1") == {"drive": "http://127.0.0.1/"}


@pytest.mark.parametrize(
    ("address", "link"), [("127.0.0.1", "http://127.0.0.1:7840/"), ("::1", "http://[::1]:7840/")]
)
def test_on_loopback_there_is_one_link_without_a_key(address: str, link: str) -> None:
    access, shown = of_address(address, 7840, "localhost")
    assert access.keys == {}
    assert access.links(shown) == {"drive": link}


def keyed(address: str = "192.0.2.7") -> tuple[Access, Mapping[str, str]]:
    access, shown = of_address(address, 7840)
    return access, access.links(shown)


def test_an_address_goes_by_its_number_and_by_the_name_it_was_given() -> None:
    access, shown = of_address("192.0.2.7", 7840, "Teacher.example")
    assert shown == "192.0.2.7"
    assert access.host_fits(["192.0.2.7:7840"])
    assert access.host_fits(["teacher.example:7840"])
    assert not access.host_fits(["pupil.example:7840"])


def visitor(access: Access) -> TestClient:
    return TestClient(app(FakeSession(), FakeHub(), access), "http://192.0.2.7:7840")


def test_another_address_has_two_links_each_with_a_key_of_its_own() -> None:
    access, links = keyed()
    assert list(links) == ["drive", "watch"]
    drive, watch = access.keys.values()
    assert min(len(drive), len(watch)) >= 16
    assert links["drive"] == f"http://192.0.2.7:7840/drive/?key={drive}"
    assert {*keyed()[0].keys.values()}.isdisjoint({drive, watch})


@pytest.mark.parametrize("role", ["drive", "watch"])
def test_a_key_is_traded_for_a_cookie_and_leaves_the_address(role: str) -> None:
    access, links = keyed()
    page = visitor(access)
    answer = page.get(links[role] + "&data=spirals&hidden=8,8", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/{role}/?data=spirals&hidden=8%2C8"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert f"glassnet-7840={access.keys[role]}" in cookie
    for part in ("HttpOnly", "SameSite=lax", f"Path=/{role}/"):
        assert part in cookie
    assert page.get(f"/{role}/").status_code == 200
    assert page.get(f"/{role}/studio.css").status_code == 200
    assert role_of(page, f"/{role}/socket", origin="http://192.0.2.7:7840") == role


def test_one_browser_may_hold_both_keys() -> None:
    access, links = keyed()
    page = visitor(access)
    for link in links.values():
        assert page.get(link).status_code == 200
    for role in links:
        assert role_of(page, f"/{role}/socket", origin="http://192.0.2.7:7840") == role


@pytest.mark.parametrize(
    "path",
    ["/", "/drive/", "/watch/", "/drive/studio.js", "/drive/?key=", "/?key=x", "/drive/?key=%C3%A9",
     "/socket", "/watch/../drive/", "//evil.example/"],
)  # fmt: skip
def test_without_a_key_there_is_one_line(path: str) -> None:
    answer = visitor(keyed()[0]).get(path)
    assert answer.status_code == 403
    assert answer.text.count("\n") == 1
    assert "the whole link that the studio printed" in answer.text


def test_the_key_that_watches_does_not_drive() -> None:
    access, _ = keyed()
    page = visitor(access)
    assert page.get(f"/drive/?key={access.keys['watch']}").status_code == 403
    assert page.get(f"/watch/?key={access.keys['watch']}").status_code == 200
    with pytest.raises(WebSocketDisconnect):
        role_of(page, "/drive/socket", origin="http://192.0.2.7:7840")
    with pytest.raises(WebSocketDisconnect):
        role_of(page, "/socket", origin="http://192.0.2.7:7840")
    stolen = {"cookie": f"glassnet-7840={access.keys['watch']}", "origin": "http://192.0.2.7:7840"}
    with pytest.raises(WebSocketDisconnect):
        role_of(visitor(access), "/drive/socket", **stolen)


@pytest.mark.parametrize("path", ["/", "/other/", "/socket", "//", "/keys/", "/DRIVE/"])
def test_a_cookie_opens_its_roles_path_and_no_other(path: str) -> None:
    access, _ = keyed()
    page, cookie = visitor(access), {"cookie": f"glassnet-7840={access.keys['drive']}"}
    assert page.get(path, headers=cookie).status_code == 403
    with pytest.raises(WebSocketDisconnect):
        role_of(page, path.rstrip("/") + "/socket", origin="http://192.0.2.7:7840", **cookie)


def test_keys_do_not_replace_host_and_origin() -> None:
    access, links = keyed()
    page = visitor(access)
    page.get(links["drive"])
    assert page.get("/drive/", headers={"host": "evil.example:7840"}).status_code == 403
    with pytest.raises(WebSocketDisconnect):
        role_of(page, "/drive/socket", origin="http://evil.example")


def test_at_all_addresses_a_host_is_a_number_or_this_machine(monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Teacher.school.example")
    access, shown = of_address("0.0.0.0", 7840)
    assert shown
    for host in ("10.0.0.7", "[fe80::1]", "teacher.school.example", "teacher.local", "localhost"):
        assert access.host_fits([f"{host}:7840"]), host
    strange = ("::1", "[10.0.0.7]", "[fe80::1%25eth0]", "[fe80::1%;script-src *]", "10.7", "0x7f000001")
    for host in ("evil.example", "10.0.0.7.evil.example", "teacher", "school.example", *strange):
        assert not access.host_fits([f"{host}:7840"]), host


def test_an_address_of_version_6_stands_in_brackets() -> None:
    access, links = keyed("2001:db8::7")
    assert links["watch"].startswith("http://[2001:db8::7]:7840/watch/")
    assert access.host_fits(["[2001:db8::7]:7840"])
    assert not access.host_fits(["[::1]:7840"])
