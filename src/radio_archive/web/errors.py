"""Errors on their way to the reader: one status for each type, one shape, HTML or JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import error_answer
from radio_archive.errors import (
    AudioError,
    BadInput,
    CatalogueError,
    Conflict,
    FetchError,
    Forbidden,
    NotFound,
    RadioArchiveError,
    SearchIndexError,
    StorageError,
    TooManyAttempts,
    WeightsMissing,
    Withdrawn,
)
from radio_archive.web.i18n import N_
from radio_archive.web.parameters import SearchState
from radio_archive.web.site import get_site

_log = logging.getLogger(__name__)


class WrongMethod(BadInput):
    """The address exists and takes another method; only the web can meet this."""

    code = "method_not_allowed"


class FormTooLarge(BadInput):
    """A form holds more than any of ours; only the web can meet this."""

    code = "form_too_large"


class TooBusy(RadioArchiveError):
    """More is asked for than can be made at once; only the web can meet this."""

    code = "too_busy"
    retryable = True


class Stopping(RadioArchiveError):
    """The server was stopped before this was answered; only the web can meet this."""

    code = "server_stopping"
    retryable = True


#: the most exact type wins; what is not here inherits from its parent
STATUS: Mapping[type[RadioArchiveError], int] = {
    RadioArchiveError: 500,
    BadInput: 400,
    Conflict: 409,
    Forbidden: 403,
    TooManyAttempts: 429,
    NotFound: 404,
    Withdrawn: 410,
    FetchError: 502,
    AudioError: 500,
    WeightsMissing: 503,
    SearchIndexError: 503,
    StorageError: 503,
    CatalogueError: 503,
    FormTooLarge: 413,
    TooBusy: 503,
    Stopping: 503,
}

#: what ``Retry-After`` says where something is away, in seconds
RETRY_AFTER_S = 10

#: what strangers are told of an outage; the log says more
_OUTAGES: Mapping[str, str] = {
    "catalogue_unavailable": "The catalogue does not answer at the moment.",
    "catalogue_unwritable": "The catalogue does not answer at the moment.",
    "index_failed": "The search index is being repaired.",
    "index_busy": "The search index is being written.",
    "storage_failed": "The sound cannot be had at the moment.",
}

#: what readers see first; the exact message follows. By error code, else by status
_TITLES: Mapping[str | int, str] = {
    "bad_query": N_("Cette recherche n'a pas été comprise"),
    "bad_time": N_("Ce n'est pas un moment de l'émission"),
    "bad_sentence": N_("Cette phrase ne peut pas être changée ainsi"),
    "unknown_language": N_("Cette langue n'est pas dans l'archive"),
    "unknown_format": N_("Ce format n'existe pas ici"),
    "too_long": N_("Ce texte est trop long"),
    "bad_document": N_("Ce n'est ni un PDF, ni l'adresse d'une page"),
    "conflict": N_("Quelqu'un a changé cette phrase entre-temps"),
    "forbidden": N_("Réservé aux personnes qui corrigent"),
    "too_many_attempts": N_("Trop d'essais"),
    400: N_("Cette demande n'a pas été comprise"),
    "withdrawn": N_("Cette émission a été retirée"),
    404: N_("Rien à cette adresse"),
    405: N_("Cette adresse se lit, elle ne se modifie pas"),
    "index_failed": N_("La recherche est en cours de réparation"),
    "storage_failed": N_("Le son n'est pas disponible pour l'instant"),
    "too_busy": N_("Beaucoup de monde à la fois"),
    503: N_("L'archive ne peut pas répondre pour l'instant"),
    500: N_("Une erreur est survenue"),
}

#: what readers can do, in the same order
_ADVICE: Mapping[str | int, str] = {
    "bad_query": N_(
        "Écrivez un ou plusieurs mots. Des guillemets droits entourent une phrase exacte ; "
        "un tiret écarte un mot ; une étoile après trois lettres remplace la fin d'un mot."
    ),
    "bad_time": N_("Un moment s'écrit en secondes (754.2) ou comme une horloge (12:34)."),
    "bad_sentence": N_(
        "Une phrase commence et finit entre ses voisines, et avant la fin du son. Pour la couper, "
        "allez à la ligne ; on ne joint ni deux langues, ni deux côtés d'un passage retiré."
    ),
    "unknown_language": N_("L'accueil montre les langues de l'archive."),
    "unknown_format": N_("Les formats proposés sont à côté de chaque transcription."),
    "too_long": N_("Rien n'a été changé : raccourcissez-le, puis envoyez-le à nouveau."),
    "bad_document": N_("Choisissez un fichier PDF de 20 Mo au plus, ou écrivez une adresse https."),
    "conflict": N_("Rien n'a été écrasé : revenez à la page de correction et choisissez."),
    "forbidden": N_("Connectez-vous, puis recommencez depuis la page elle-même."),
    "too_many_attempts": N_("Attendez un quart d'heure, puis réessayez."),
    400: N_("Vérifiez l'adresse, ou repartez de l'accueil."),
    "withdrawn": N_(
        "La station l'a retirée de l'archive : ni son texte ni son enregistrement "
        "ne sont proposés ici."
    ),
    404: N_("L'émission a pu être retirée, ou l'adresse est incomplète. Cherchez-la par ses mots."),
    405: N_("Repartez de l'accueil."),
    "index_failed": N_(
        "Les émissions se lisent et s'écoutent comme d'habitude. Réessayez dans quelques minutes."
    ),
    "too_busy": N_(
        "Le reste de l'archive répond comme d'habitude. Revenez à la page d'avant, "
        "et réessayez dans une minute."
    ),
    503: N_("Réessayez dans un instant. Si cela dure, prévenez la personne qui tient l'archive."),
    500: N_("Réessayez. Si cela dure, prévenez la personne qui tient l'archive."),
}

#: in place of the advice of a page that cannot be shown
_FORM_ADVICE = N_("Rien n'a été changé : corrigez ce qui manque, puis envoyez à nouveau.")


def status_of(error: RadioArchiveError) -> int:
    """HTTP status of an error, by the most exact type that has one."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json(request: Request) -> bool:
    """Whether the other side is a script: an API or probe address, ``.json``, or the header."""
    path = request.scope["path"]
    accept = request.headers.get("accept", "")
    return (
        path.startswith(("/api/", "/healthz", "/readyz"))
        or path.endswith(".json")
        or ("application/json" in accept and "text/html" not in accept)
    )


def title_and_advice(error: RadioArchiveError, status: int) -> tuple[str, str]:
    """Message ids of what an error page says in the reader's language."""
    status = status if status in _TITLES else 400 if status < 500 else 500
    return _TITLES.get(error.code, _TITLES[status]), _ADVICE.get(error.code, _ADVICE[status])


def explain(error: RadioArchiveError, status: int, say: Callable[[str], str]) -> str:
    """What stands above a form that was not taken, in the reader's language.

    Args:
        error: why.
        status: of the answer.
        say: gives a message id in that language.
    """
    title, advice = title_and_advice(error, status)
    if advice == _ADVICE[400]:
        advice = _FORM_ADVICE
    return f"{say(title)}. {say(advice)}"


def public(error: RadioArchiveError) -> RadioArchiveError:
    """The error as strangers may read it: an outage names hosts and folders."""
    if not error.is_outage:
        return error
    return type(error)(
        _OUTAGES.get(error.code, "The archive cannot answer at the moment."),
        hint=f"Try again in {RETRY_AFTER_S} seconds.",
    )


def error_response(
    request: Request,
    error: RadioArchiveError,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a request that failed, in the form the other side reads."""
    code = status or status_of(error)
    sent = {**(headers or {}), "vary": "Accept"}
    if error.retryable:
        sent["retry-after"] = str(RETRY_AFTER_S)
    if wants_json(request):
        sent["cache-control"] = "no-store"
        return JSONResponse(error_answer(public(error)), status_code=code, headers=sent)
    renderer = get_site(request).renderer
    title, advice = title_and_advice(error, code)
    say = renderer.wording(request).catalogue.gettext
    context = {
        "state": SearchState(),
        "title": say(title),
        "advice": say(advice),
        "error": error,
        "status": code,
    }
    return renderer.page(request, "error.html", context, status=code, headers=sent)


async def on_archive_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for everything the archive raises on purpose."""
    assert isinstance(error, RadioArchiveError)  # noqa: S101 -- registered for this type only
    status = status_of(error)
    if error.is_outage:
        get_site(request).archive.note(error)
    if error.is_outage or isinstance(error, TooBusy):  # told already, or nobody's fault
        _log.warning("request refused", extra={"path": request.scope["path"], "error": str(error)})
    elif status >= 500:
        _log.error("request failed", extra={"path": request.scope["path"]}, exc_info=error)
    return error_response(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for what the router refuses: unknown addresses and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type only
    path = request.scope["path"][:200]
    ours: RadioArchiveError
    if error.status_code == 404:
        ours = NotFound(f"There is nothing at {path}.", hint="Start from /.")
    elif error.status_code == 405:
        ours = WrongMethod(f"{path} does not take {request.method}.", hint="Use GET.")
    else:
        ours = BadInput(f"The request for {path} was refused.", hint=str(error.detail))
    return error_response(request, ours, status=error.status_code, headers=error.headers)


def unexpected_error_response(request: Request, error: Exception) -> Response:
    """The answer when something broke that nobody foresaw: logged whole, told without detail."""
    _log.error("request broke", extra={"path": request.scope["path"]}, exc_info=error)
    ours = RadioArchiveError(
        "The server met an unexpected error.",
        hint="Try again; its log says what happened.",
    )
    return error_response(request, ours)
