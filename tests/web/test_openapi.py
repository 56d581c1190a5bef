"""The description of the API says what the API says."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from radio_archive import model
from radio_archive.web.app import ROUTES
from tests.web.stocking import Stock

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}

_NAMED = ("debate", "bulletin", "silent", "kibaruw", "saved", "dossier")


@pytest.fixture
def description(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return answer


def mistakes(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str) -> list[str]:
    """Where a value is not what its schema says; a key nobody described is a mistake too."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "oneOf" in schema:
        tried = [mistakes(value, choice, document, at) for choice in schema["oneOf"]]
        return [] if [] in tried else tried[0]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, _TYPES[kind]) for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is not in {schema['enum']}"]
    found = []
    if isinstance(value, dict) and "properties" in schema:
        if set(value) != set(schema["properties"]) or set(schema["required"]) != set(value):
            found.append(f"{at}: {sorted(set(value) ^ set(schema['properties']))}")
        for key in set(value) & set(schema["properties"]):
            found += mistakes(value[key], schema["properties"][key], document, f"{at}.{key}")
    if isinstance(value, list):
        for item in value:
            found += mistakes(item, schema["items"], document, f"{at}[]")
    return found


def answer_schema(document: dict[str, Any], path: str, status: str) -> dict[str, Any]:
    content = document["paths"][path]["get"]["responses"][status]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def test_every_address_of_the_api_is_described(description: dict[str, Any]) -> None:
    paths = {route.path for route in ROUTES if isinstance(route, Route)}
    assert set(description["paths"]) == {path for path in paths if path.startswith("/api/")}


@pytest.mark.parametrize(
    ("path", "url", "status"),
    [
        ("/api/v1/search", "/api/v1/search?q=riz", 200),
        ("/api/v1/search", "/api/v1/search?q=ab*", 400),
        ("/api/v1/glossary", "/api/v1/glossary?language=fr", 200),
        ("/api/v1/glossary", "/api/v1/glossary?language=klingon", 400),
        ("/api/v1/broadcasts/{id}", "/api/v1/broadcasts/{debate}", 200),
        ("/api/v1/broadcasts/{id}", "/api/v1/broadcasts/{silent}", 200),
        ("/api/v1/broadcasts/{id}", "/api/v1/broadcasts/none", 404),
        (
            "/api/v1/broadcasts/{id}/corrections",
            "/api/v1/broadcasts/{bulletin}/corrections",
            200,
        ),
        ("/api/v1/broadcasts/{id}/corrections", "/api/v1/broadcasts/none/corrections", 404),
        ("/api/v1/quotes/{id}", "/api/v1/quotes/{debate}?start=30&end=33", 200),
        ("/api/v1/quotes/{id}", "/api/v1/quotes/{kibaruw}?start=30&end=33", 200),
        ("/api/v1/quotes/{id}", "/api/v1/quotes/{debate}?start=30&end=33&version=9999&text=0", 200),
        ("/api/v1/quotes/{id}", "/api/v1/quotes/{debate}?start=30", 400),
        ("/api/v1/quotes/{id}", "/api/v1/quotes/{silent}?start=30&end=33", 404),
        ("/api/v1/searches/{id}", "/api/v1/searches/{saved}", 200),
        ("/api/v1/dossiers", "/api/v1/dossiers", 200),
        ("/api/v1/dossiers/{slug}", "/api/v1/dossiers/{dossier}", 200),
        ("/api/v1/dossiers/{slug}", "/api/v1/dossiers/{dossier}?page=0", 400),
        ("/api/v1/dossiers/{slug}", "/api/v1/dossiers/{dossier}?page=9", 404),
        ("/api/v1/searches/{id}", "/api/v1/searches/none", 404),
        ("/api/v1/broadcasts/{id}/transcript", "/api/v1/broadcasts/{debate}/transcript", 200),
        ("/api/v1/broadcasts/{id}/transcript", "/api/v1/broadcasts/{kibaruw}/transcript", 404),
    ],
)
def test_answers_are_what_the_description_says(
    client: TestClient,
    stock: Stock,
    description: dict[str, Any],
    path: str,
    url: str,
    status: int,
) -> None:
    url = url.format(**{name: getattr(stock, name) for name in _NAMED})
    answer = client.get(url)
    assert answer.status_code == status
    schema = answer_schema(description, path, str(status))
    assert mistakes(answer.json(), schema, description, path) == []


def test_the_words_of_the_model_are_all_listed(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    listed = {
        model.Match: schemas["Hit"]["properties"]["match"],
        model.Trust: schemas["BroadcastHits"]["properties"]["trust"],
        model.BroadcastState: schemas["Broadcast"]["properties"]["state"],
        model.TranscriptKind: schemas["Transcript"]["properties"]["kind"],
        model.GapReason: schemas["Gap"]["properties"]["reason"],
        model.EditKind: schemas["Correction"]["properties"]["kind"],
        model.QuoteState: schemas["Quote"]["properties"]["state"],
        model.EntryKind: schemas["DossierItem"]["properties"]["kind"],
        model.DocumentState: schemas["DossierDocument"]["properties"]["state"],
        model.SoundKind: schemas["SoundStretch"]["properties"]["kind"],
    }
    for kind, schema in listed.items():
        assert set(schema["enum"]) == {str(value) for value in kind}
