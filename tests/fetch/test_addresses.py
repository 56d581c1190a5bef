"""Which addresses are connected to, and which never."""

from __future__ import annotations

import pytest
from tests.support.station import Station, fetcher

from radio_archive.errors import FetchError, RefusedAddress
from radio_archive.fetch import Fetcher
from radio_archive.fetch.addresses import AddressGate, check_url, is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[64:ff9b::]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25lo]/",
        "http://[fd00::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://192.168.1.1/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://user@example.org/",
        "http://user:word@example.org/",
        "http://8.8.8.8:22/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "//example.org/",
        "http://",
        "http:///path",
        "http://[oops/",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "",
    ],
)
def test_an_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress) as refused:
        Fetcher().read(url)
    assert refused.value.hint
    assert not refused.value.retryable


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4007::200e", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::8.8.8.8", True),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("2002:a00:1::", False),
        ("2001:0:53aa::1", False),
        ("2001:db8::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::10.0.0.1", False),
        ("2a00:1450:4007::200e%eth0", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    gate = AddressGate(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        gate.open_addresses("radio.example", 443)


def test_a_name_that_changes_its_address_is_looked_up_once_per_connection(
    station: Station,
) -> None:
    """DNS rebinding: public when checked, private when connected."""
    answers: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        answers.append("203.0.113.9" if len(answers) % 2 else "127.0.0.1")
        return [answers[-1]]

    station.routes["/feed"] = lambda request: request.answer(200, b"secret")
    with pytest.raises(RefusedAddress):
        fetcher("other.example", resolve=flip).read(station.url("/feed", "radio.example"))
    assert answers == ["127.0.0.1"]
    assert station.asked == []


def test_the_checked_address_is_used_and_the_name_kept_as_host(station: Station) -> None:
    lookups: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    station.routes["/feed"] = lambda request: request.answer(200, b"ours")
    url = station.url("/feed", "Radio.Example")
    assert fetcher("radio.example", resolve=resolve).read(url).body == b"ours"
    assert lookups == ["radio.example"]
    assert station.asked[0][1]["Host"] == f"radio.example:{station.server_port}"


def test_the_next_address_is_tried_when_the_first_does_not_answer(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(200, b"ours")
    reach = fetcher("radio.example", resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert reach.read(station.url("/feed", "radio.example")).body == b"ours"


def test_proxies_of_the_environment_are_ignored(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    station.routes["/feed"] = lambda request: request.answer(200, b"direct")
    assert fetcher().read(station.url("/feed")).body == b"direct"


def test_an_unknown_host_is_a_failure_that_may_pass() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError, match=r"radio\.example cannot be found") as failed:
        fetcher(resolve=nowhere).read("http://radio.example/feed")
    assert failed.value.retryable
    assert failed.value.url == "http://radio.example/feed"


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://localhost/",
        "//169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://me:secret@127.0.0.1/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(station: Station, target: str) -> None:
    station.routes["/trap"] = lambda request: request.answer(302, Location=target)
    with pytest.raises(RefusedAddress) as refused:
        fetcher().read(station.url("/trap"))
    assert "secret" not in str(refused.value)
    assert len(station.asked) == 1


def test_no_cookie_is_carried_along_a_redirect(station: Station) -> None:
    station.routes["/old"] = lambda request: request.answer(
        302, Location="/new", Set_Cookie="session=secret; Path=/"
    )
    station.routes["/new"] = lambda request: request.answer(200)
    fetcher().read(station.url("/old"))
    assert not {"Cookie", "Authorization", "Referer"} & set(station.asked[1][1])


def test_a_loop_of_redirects_ends_soon(station: Station) -> None:
    station.routes["/loop"] = lambda request: request.answer(302, Location="/loop")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher().read(station.url("/loop"))
    assert len(station.asked) == 6


def test_a_redirect_is_followed_and_the_last_address_told(station: Station) -> None:
    station.routes["/old"] = lambda request: request.answer(301, Location="/new")
    station.routes["/new"] = lambda request: request.answer(200, b"here")
    document = fetcher().read(station.url("/old"))
    assert (document.body, document.url) == (b"here", station.url("/new"))


def test_nobody_listening_is_a_failure_with_the_address(station: Station) -> None:
    url = station.url("/feed").replace(str(station.server_port), "1")
    with pytest.raises(FetchError, match="could not be fetched") as failed:
        fetcher().read(url)
    assert url in str(failed.value)


def test_a_fetch_address_is_read_without_spaces_around() -> None:
    assert str(check_url(" https://radio.example/feed/ ")) == "https://radio.example/feed/"
