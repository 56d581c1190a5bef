"""Questions about a bucket: signed as another library signs, and asked of a real server."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from defusedxml.ElementTree import fromstring

from radio_archive.errors import StoreAway, StoreRefuses
from radio_archive.media.places import Credentials, ObjectPlace
from radio_archive.media.s3_requests import (
    S3Requests,
    canonical_query,
    read_uploads,
    sign,
    sign_at,
)
from tests.support.object_store import BUCKET, KEYS, ObjectServer

CREDENTIALS = Credentials(KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"])


def requests_to(server: ObjectServer, bucket: str = BUCKET, prefix: str = "") -> S3Requests:
    place = ObjectPlace(bucket=bucket, prefix=prefix, endpoint=server.endpoint)
    return S3Requests(place, CREDENTIALS)


def test_a_request_is_signed_as_in_the_published_example() -> None:
    # "GET Bucket Lifecycle", docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    headers = sign_at(
        "GET",
        "https://examplebucket.s3.amazonaws.com",
        {"lifecycle": ""},
        (
            Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            "us-east-1",
            datetime(2013, 5, 24, tzinfo=UTC),
        ),
    )
    assert headers["authorization"].endswith(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    )


def test_signatures_are_those_of_another_library() -> None:
    chance = random.Random(5)
    for number in range(50):
        token = "a+token/=" if number % 2 else ""
        credentials = Credentials("id", f"secret{number}", token)
        name = "".join(chance.choices("abcé ɔ/+&=~-_.", k=20)).strip("/")
        query = {"uploadId": "".join(chance.choices("ab /+=~.ɛ", k=9)), "prefix": name, "empty": ""}
        url = f"https://s3.example.org:9000/bucket/{quote(name)}"
        ours = sign("DELETE", url, query, credentials, "garage")
        request: Any = AWSRequest("DELETE", f"{url}?{canonical_query(query)}")
        request.headers["x-amz-content-sha256"] = ours["x-amz-content-sha256"]
        request.context["timestamp"] = ours["x-amz-date"]
        theirs = S3SigV4Auth(BotoCredentials("id", f"secret{number}", token), "s3", "garage")
        request.headers["X-Amz-Date"] = ours["x-amz-date"]
        if token:
            request.headers["X-Amz-Security-Token"] = token
        text = theirs.canonical_request(request)
        signature = theirs.signature(theirs.string_to_sign(request, text), request)
        assert ours["authorization"].endswith(signature), query


def test_whether_versions_are_kept_is_told(object_server: ObjectServer) -> None:
    object_server.make_bucket("with-versions")
    requests = requests_to(object_server, "with-versions")
    assert not requests.keeps_versions()
    object_server.client().put_bucket_versioning(
        Bucket="with-versions", VersioningConfiguration={"Status": "Enabled"}
    )
    assert requests.keeps_versions()


def test_the_moment_an_upload_began_is_read() -> None:
    answer = fromstring(
        '<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Upload>'
        "<Key>a.mp3</Key><UploadId>u/1+</UploadId><Initiated>2026-11-25T20:48:33.500Z</Initiated>"
        "</Upload></ListMultipartUploadsResult>"
    )
    (upload,) = read_uploads(answer)
    assert (upload.name, upload.upload_id) == ("a.mp3", "u/1+")
    expected = datetime(2026, 11, 25, 20, 48, 33, 500_000, tzinfo=UTC)
    assert upload.begun_at == expected.timestamp()


def test_an_upload_of_ours_is_found_and_ended(object_server: ObjectServer) -> None:
    name = f"here/recordings/ab/cd/abcd{'0' * 60}.mp3"
    object_server.client().create_multipart_upload(Bucket=BUCKET, Key=name)
    requests = requests_to(object_server, prefix="here")
    (upload,) = requests.unfinished_uploads()
    assert upload.name == name
    for _ in range(2):  # somebody else may have been faster
        requests.abort(upload)
    assert list(requests.unfinished_uploads()) == []


def test_a_bucket_that_is_not_there_and_a_server_that_is_not_there_differ(
    object_server: ObjectServer,
) -> None:
    with pytest.raises(StoreRefuses, match="NoSuchBucket"):
        requests_to(object_server, "nowhere").keeps_versions()
    place = ObjectPlace(bucket=BUCKET, endpoint="http://127.0.0.1:9")
    with pytest.raises(StoreAway):
        S3Requests(place, CREDENTIALS).keeps_versions()
