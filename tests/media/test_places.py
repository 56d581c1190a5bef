"""The address of a store, from the settings and the usual environment."""

from __future__ import annotations

import pytest

from radio_archive.errors import BadSettings
from radio_archive.media.places import ObjectPlace, find_credentials


def test_an_address_is_a_bucket_and_what_names_begin_with() -> None:
    place = ObjectPlace.parse("s3://recordings/studio/tamani/", environ={})
    assert (place.bucket, place.prefix, place.region) == (
        "recordings",
        "studio/tamani",
        "us-east-1",
    )
    assert str(place) == "s3://recordings/studio/tamani"
    assert str(ObjectPlace.parse("s3://recordings", environ={})) == "s3://recordings"


def test_the_usual_environment_says_where_and_the_settings_win() -> None:
    environ = {
        "AWS_ENDPOINT_URL": "http://10.0.0.7:9000/",
        "AWS_REGION": "garage",
        "AWS_DEFAULT_REGION": "never",
    }
    place = ObjectPlace.parse("s3://recordings", environ=environ)
    assert place.address == "http://10.0.0.7:9000/recordings"
    assert place.region == "garage"
    place = ObjectPlace.parse(
        "s3://recordings", endpoint="https://s3.example.org", region="mali", environ=environ
    )
    assert place.address == "https://s3.example.org/recordings"
    assert place.region == "mali"


def test_without_an_endpoint_it_is_the_store_of_the_region() -> None:
    place = ObjectPlace.parse("s3://recordings", region="eu-west-3", environ={})
    assert place.address == "https://s3.eu-west-3.amazonaws.com/recordings"


@pytest.mark.parametrize(
    "url",
    [
        "recordings",
        "http://recordings",
        "s3://",
        "s3:///prefix",
        "s3://ab",
        "s3://key:secret@recordings",
        "s3://recordings/../other",
        "s3://recordings/a b",
        "s3://recordings/a//b",
        "s3://recordings/a?b",
    ],
)
def test_anything_else_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadSettings, match="media_url") as caught:
        ObjectPlace.parse(url, environ={})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("endpoint", ["s3.example.org", "ftp://x", "https://k:s@x", "https://x/y"])
def test_an_endpoint_is_the_address_of_a_server(endpoint: str) -> None:
    with pytest.raises(BadSettings, match="media_endpoint"):
        ObjectPlace.parse("s3://recordings", endpoint=endpoint, environ={})


def test_keys_are_taken_from_the_environment_and_never_shown() -> None:
    assert find_credentials({"AWS_ACCESS_KEY_ID": "alone"}) is None
    found = find_credentials(
        {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "what", "AWS_SESSION_TOKEN": "until"}
    )
    assert found == ("who", "what", "until")
    assert not {"who", "what", "until"} & set(repr(found).replace("(", " ").split())
