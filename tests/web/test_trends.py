"""The page and the JSON of a search over time."""

from __future__ import annotations

import lxml.html
from starlette.testclient import TestClient

from radio_archive.model import Query, Trend, TrendMonth
from radio_archive.web.parameters import SearchState
from radio_archive.web.trends import HEIGHT, WIDTH, bars_of
from tests.web.stocking import TONE_S


def month(name: str, passages: int, hours: float) -> TrendMonth:
    return TrendMonth(month=name, passages=passages, transcribed_hours=hours)


def test_the_page_has_a_picture_and_its_table(client: TestClient) -> None:
    answer = client.get("/search/trend?q=riz&programme=journal")
    tree = lxml.html.fromstring(answer.text)
    [picture] = tree.xpath("//*[local-name()='svg']")
    caption = tree.get_element_by_id(picture.get("aria-labelledby"))
    assert "riz" in str(caption.text_content())
    [row] = tree.xpath("//tbody/tr")
    assert str(row.text_content()).startswith("octobre 2014")
    assert row.xpath(".//a/@href") == ["/search?q=riz&programme=journal&from=2014-10&to=2014-10"]
    assert client.get(row.xpath(".//a/@href")[0]).status_code == 200
    assert tree.xpath("//a[@href='/search?q=riz&programme=journal']")
    assert len(answer.content) < 20_000


def test_results_lead_to_the_page_with_all_their_filters(client: TestClient) -> None:
    results = lxml.html.fromstring(client.get("/search?q=riz&language=fr").text)
    assert results.xpath("//a[@href='/search/trend?q=riz&language=fr']")


def test_nothing_found_is_said_and_nothing_drawn(client: TestClient) -> None:
    tree = lxml.html.fromstring(client.get("/search/trend?q=xylophone").text)
    assert "Aucun passage trouvé" in str(tree.text_content())
    assert not tree.xpath("//*[local-name()='svg']")


def test_the_json_has_the_same_figures(client: TestClient) -> None:
    told = client.get("/api/v1/trend?q=riz").json()
    [only] = told["months"]
    assert (told["query"], told["undated"], told["has_earlier"]) == ("riz", 0, False)
    assert (only["month"], only["passages"], only["is_thin"]) == ("2014-10", 2, True)
    hours = only["transcribed_hours"]
    assert abs(hours - 2 * TONE_S / 3600) < 0.001
    assert abs(only["per_hour"] - only["passages"] / hours) < 0.01


def test_bars_are_as_high_as_the_rate_and_little_sound_sets_no_scale() -> None:
    months = (month("2014-01", 10, 10.0), month("2014-02", 5, 10.0), month("2014-03", 3, 0.1))
    bars = bars_of(Trend(query=Query(text="riz"), months=months), SearchState(q="riz"))
    assert [bar.height for bar in bars] == [HEIGHT, HEIGHT / 2, HEIGHT]
    assert [bar.top for bar in bars] == [0, HEIGHT / 2, 0]
    assert min(bar.left for bar in bars) >= 0
    assert max(bar.left + bar.width for bar in bars) <= WIDTH
    assert bars[0].url == "/search?q=riz&from=2014-01&to=2014-01"


def test_months_of_which_nothing_is_written_down_have_no_height() -> None:
    trend = Trend(query=Query(text="riz"), months=(month("2014-01", 2, 0.0),))
    assert [bar.height for bar in bars_of(trend, SearchState(q="riz"))] == [0.0]
