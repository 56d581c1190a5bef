"""Figures for monitoring, read by the library of those who monitor."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.web.stocking import Stock

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(client: TestClient) -> Samples:
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_the_archive_holds_is_told(client: TestClient, stock: Stock) -> None:
    samples = read(client)
    status = stock.archive.status()
    assert samples["radio_archive_broadcasts", ()] == status.broadcasts
    assert samples["radio_archive_passages", ()] == status.passages
    for part in ("catalogue", "search", "sound"):
        assert samples["radio_archive_up", (("part", part),)] == 1


def test_requests_are_counted_by_route_and_never_by_address(
    client: TestClient, stock: Stock
) -> None:
    for identity in (stock.debate, stock.bulletin, "0" * 16):
        client.get(f"/broadcasts/{identity}")
    client.get("/nothing/here")
    samples = read(client)
    counted = {
        labels: value
        for (name, labels), value in samples.items()
        if name == "radio_archive_request_seconds_count"
    }

    def of(route: str, status: str) -> float:
        return counted[("method", "GET"), ("route", route), ("status", status)]

    assert of("/broadcasts/{id}", "200") == 2
    assert of("/broadcasts/{id}", "404") == 1
    assert of("none", "404") == 1
    assert not any(stock.debate in dict(labels)["route"] for labels in counted)
