"""The application: every address in one table, and what holds for all of them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from radio_archive.archive import Archive
from radio_archive.errors import RadioArchiveError
from radio_archive.web import (
    alerts,
    api,
    comparing,
    corrections_api,
    desk,
    dossier_desk,
    dossiers,
    dossiers_api,
    downloads,
    embeds,
    glossary,
    media,
    metrics,
    pages,
    quotes,
    searches,
    sign_in,
    subscriptions,
    tasks,
    trends,
    withdrawing,
)
from radio_archive.web.assets import Assets
from radio_archive.web.errors import on_archive_error, on_http_error
from radio_archive.web.forms import posting
from radio_archive.web.middleware import (
    AllowedHosts,
    Conditions,
    Limits,
    SafetyNet,
    SecurityHeaders,
)
from radio_archive.web.rendering import Renderer
from radio_archive.web.sessions import Sessions
from radio_archive.web.site import Site
from radio_archive.web.uploads import uploading

_GET, _POST = ["GET"], ["POST"]

#: all addresses; only forms of editors, and the tasks, take another method than GET and HEAD
ROUTES = (
    Route("/", pages.home, methods=_GET),
    Route("/search", pages.search, methods=_GET),
    Route("/search/trend", trends.page, methods=_GET),
    Route("/broadcasts/{id}", pages.broadcast, methods=_GET),
    Route("/broadcasts/{id}/transcript.{extension}", downloads.transcript, methods=_GET),
    Route("/programmes/{id}", pages.programme, methods=_GET),
    Route("/languages/{tag}", pages.language, methods=_GET),
    Route("/media/{broadcast}.{extension}", media.sound, methods=_GET),
    Route("/quotes/{id}", quotes.quote, methods=_GET),
    Route("/embed/{id}", embeds.player, methods=_GET),
    Route("/clips/{broadcast}", quotes.clip, methods=_GET),
    Route("/search.atom", subscriptions.search_feed, methods=_GET),
    Route("/feeds/{programme}.rss", subscriptions.programme_feed, methods=_GET),
    Route("/opensearch.xml", subscriptions.opensearch, methods=_GET),
    Route("/searches", searches.show_all, methods=_GET),
    Route("/searches", posting(searches.save), methods=_POST),
    Route("/searches/new", searches.propose, methods=_GET),
    Route("/searches/{id}", searches.show, methods=_GET),
    Route("/searches/{id}/hits.csv", searches.hits_table, methods=_GET),
    Route("/searches/{id}/feed.atom", searches.feed, methods=_GET),
    Route("/searches/{id}/alerts", posting(searches.follow), methods=_POST),
    Route("/alerts/{id}", alerts.show, methods=_GET),
    Route("/alerts/{id}/confirm", alerts.confirm, methods=_POST),
    Route("/alerts/{id}/off", alerts.off, methods=_POST),
    Route("/api/v1/searches/{id}", searches.api, methods=_GET),
    Route("/static/{name}", downloads.static, methods=_GET),
    Route("/api/v1/search", api.search, methods=_GET),
    Route("/api/v1/trend", trends.answer, methods=_GET),
    Route("/api/v1/coverage", api.coverage, methods=_GET),
    Route("/api/v1/glossary", api.glossary, methods=_GET),
    Route("/api/v1/broadcasts/{id}", api.broadcast, methods=_GET),
    Route("/api/v1/broadcasts/{id}/transcript", api.transcript, methods=_GET),
    Route("/api/v1/quotes/{id}", api.quote, methods=_GET),
    Route("/api/v1/openapi.json", api.openapi, methods=_GET),
    Route("/metrics", metrics.metrics, methods=_GET),
    Route("/sign-in", sign_in.show, methods=_GET),
    Route("/sign-in", posting(sign_in.sign_in), methods=_POST),
    Route("/sign-out", posting(sign_in.sign_out), methods=_POST),
    Route("/broadcasts/{id}/correct", desk.correct, methods=_GET),
    Route("/broadcasts/{id}/correct", posting(desk.save), methods=_POST),
    Route("/broadcasts/{id}/correct/draft", posting(desk.keep_draft), methods=_POST),
    Route("/broadcasts/{id}/history", desk.history, methods=_GET),
    Route("/broadcasts/{id}/history", posting(desk.take_back), methods=_POST),
    Route("/broadcasts/{id}/versions/{version:int}", comparing.show, methods=_GET),
    Route("/broadcasts/{id}/withdraw", withdrawing.show, methods=_GET),
    Route("/broadcasts/{id}/withdraw", posting(withdrawing.change), methods=_POST),
    Route("/glossary", glossary.show, methods=_GET),
    Route("/glossary", posting(glossary.change), methods=_POST),
    Route("/glossary/{entry:int}", glossary.proposals, methods=_GET),
    Route("/glossary/{entry:int}", posting(glossary.apply), methods=_POST),
    Route("/tasks", tasks.show, methods=_GET),
    Route("/tasks", posting(tasks.answer), methods=_POST),
    Route("/api/v1/broadcasts/{id}/corrections", corrections_api.corrections, methods=_GET),
    Route(
        "/api/v1/broadcasts/{id}/corrections/{edit}/undo",
        posting(corrections_api.undo),
        methods=_POST,
    ),
    Route("/api/v1/dossiers", dossiers_api.show_all, methods=_GET),
    Route("/api/v1/dossiers/{slug}", dossiers_api.show, methods=_GET),
    Route("/dossiers", dossiers.show_all, methods=_GET),
    Route("/dossiers", posting(dossier_desk.make), methods=_POST),
    Route("/dossiers/add", dossier_desk.choose, methods=_GET),
    Route("/dossiers/add", posting(dossier_desk.add), methods=_POST),
    Route("/dossiers/{slug}", dossiers.show, methods=_GET),
    Route("/dossiers/{slug}/dossier.{extension}", dossiers.export, methods=_GET),
    Route("/dossiers/{slug}/edit", dossier_desk.edit, methods=_GET),
    Route("/dossiers/{slug}/edit", posting(dossier_desk.change), methods=_POST),
    Route("/dossiers/{slug}/documents", uploading(dossier_desk.upload), methods=_POST),
    Route("/dossiers/{slug}/documents/{document:int}.pdf", dossiers.pdf, methods=_GET),
    Route("/dossiers/{slug}/documents/{document:int}", dossiers.document, methods=_GET),
    Route("/healthz", api.healthz, methods=_GET),
    Route("/readyz", api.readyz, methods=_GET),
)


def create_app(archive: Archive) -> Starlette:
    """Make the web application over an open archive; closing the archive stays the caller's."""
    settings = archive.settings
    figures = metrics.Metrics(archive)
    app = Starlette(
        routes=ROUTES,
        exception_handlers={
            RadioArchiveError: on_archive_error,
            HTTPException: on_http_error,
        },
        middleware=[
            Middleware(metrics.Measured, metrics=figures),
            Middleware(SecurityHeaders),
            Middleware(AllowedHosts, hosts=settings.allowed_hosts),
            Middleware(Limits),
            Middleware(Conditions, troubles=archive.troubles),
            Middleware(GZipMiddleware, compresslevel=6),
            Middleware(SafetyNet),
        ],
    )
    assets = Assets()
    renderer = Renderer(settings.station, assets, archive.troubles)
    app.state.site = Site(
        archive=archive,
        renderer=renderer,
        assets=assets,
        metrics=figures,
        sessions=Sessions(archive),
    )
    return app
