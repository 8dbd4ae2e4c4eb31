"""Which addresses are of the local network, however they are written."""

import pytest

from radiotui.net.local_network import (
    LocalHosts,
    is_local_by_name,
    is_loopback,
    is_public,
    is_public_answer,
    literal_address,
)

LOCAL = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.8",
    "192.0.2.1", "198.18.0.1", "224.0.0.251", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::fb",
    "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "2606:4700::1"]


@pytest.mark.parametrize("address", LOCAL)
def test_an_address_of_the_local_network(address: str):
    assert not is_public(address)
    assert is_local_by_name(address)


@pytest.mark.parametrize("address", [*PUBLIC, "64:ff9b::808:808", "2002:808:808::1"])
def test_an_address_of_the_internet(address: str):
    assert is_public(address)
    assert not is_local_by_name(address)


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
     "0x7f.0x0.0x0.0x1", "127.0.0.1"],
)  # fmt: skip
def test_every_way_to_write_this_computer(host: str):
    assert literal_address(host) == "127.0.0.1"
    assert is_loopback(host)
    assert is_local_by_name(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "a.localhost", "::1"])
def test_names_of_this_computer(host: str):
    assert is_loopback(host)
    assert is_local_by_name(host)


@pytest.mark.parametrize("host", ["knau.org", "1.fm", "127.example", "localhost.example", "0x.fm"])
def test_names_that_only_look_like_it(host: str):
    assert literal_address(host) is None
    assert not is_loopback(host)
    assert not is_local_by_name(host)


@pytest.mark.parametrize("host", ["printer", "nas.local", "router.lan", "pc.home.arpa"])
def test_names_that_only_a_local_network_has(host: str):
    assert is_local_by_name(host)
    assert not is_loopback(host)


def test_a_resolver_that_answers_for_a_proxy_is_believed():
    assert is_public_answer("198.18.3.4")
    assert not is_public_answer("10.0.0.1")


def test_only_hosts_that_the_listener_wrote_may_be_local():
    hosts = LocalHosts()
    hosts.set_list(["http://Studio.example:8000/live", "http://[::1]/a", "http://bücher.example/"])
    hosts.add_typed("http://10.0.0.7/page", "printer:631/feed")
    hosts.add_server("http://127.0.0.1:47117")
    assert hosts.allow("studio.example", 80)
    assert hosts.allow("::1", 80)
    assert hosts.allow("xn--bcher-kva.example", 443)
    assert hosts.allow("10.0.0.7", 8080)
    assert hosts.allow("printer", 80)
    assert hosts.allow("127.0.0.1", 47117)
    assert not hosts.allow("127.0.0.1", 80)
    assert not hosts.allow("10.0.0.8", 80)
    hosts.set_list([])
    assert not hosts.allow("studio.example", 80)
    assert hosts.allow("10.0.0.7", 80)
