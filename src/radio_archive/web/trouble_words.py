"""How the pages say that something is away at the moment."""

from __future__ import annotations

from collections.abc import Mapping

from radio_archive.model import Ground, Trouble
from radio_archive.web.i18n import N_, Catalogue

#: by what is away, and whether it is so altogether
_TEXTS: Mapping[tuple[Ground, bool], str] = {
    (Ground.CATALOGUE, True): N_(
        "L'archive ne répond pas pour l'instant. Elle reprend d'elle-même : "
        "réessayez dans quelques minutes."
    ),
    (Ground.CATALOGUE, False): N_(
        "L'archive est montrée telle qu'elle était il y a un instant : "
        "ce qui vient d'être ajouté ou corrigé peut y manquer."
    ),
    (Ground.SEARCH, True): N_(
        "La recherche est en cours de réparation. Les émissions se lisent et "
        "s'écoutent comme d'habitude."
    ),
    (Ground.SEARCH, False): N_(
        "La recherche est en cours de réparation : des résultats peuvent manquer."
    ),
    (Ground.SOUND, True): N_(
        "Le son n'est pas disponible pour l'instant. Les textes se lisent et "
        "se cherchent comme d'habitude."
    ),
}


def trouble_text(trouble: Trouble, catalogue: Catalogue) -> str:
    """One or two sentences for readers."""
    by_ground = _TEXTS[trouble.ground, True]
    return catalogue.gettext(_TEXTS.get((trouble.ground, trouble.is_down), by_ground))
