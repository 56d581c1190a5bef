"""How pages say what stands in a dossier, and what became of a document."""

from __future__ import annotations

from collections.abc import Mapping

from radio_archive.model import DocumentState, EntryKind
from radio_archive.web.i18n import N_

KINDS: Mapping[EntryKind, str] = {
    EntryKind.PASSAGE: N_("passage"),
    EntryKind.BROADCAST: N_("émission entière"),
    EntryKind.DOCUMENT: N_("document"),
}

#: in a sentence; nothing where all is well
DOCUMENT_STATES: Mapping[DocumentState, str] = {
    DocumentState.LINK: N_("Lien : la page n'est pas gardée ici, seul son titre se cherche."),
    DocumentState.READ: "",
    DocumentState.PART_READ: N_("Document très long : seules les premières pages se cherchent."),
    DocumentState.NO_TEXT: N_("Ces pages sont des images : leur texte ne se cherche pas."),
    DocumentState.LOCKED: N_("Document protégé par un mot de passe : son texte ne se cherche pas."),
    DocumentState.DAMAGED: N_("Ce fichier est abîmé : son texte n'a pas pu être lu."),
    DocumentState.TOO_HEAVY: N_(
        "Lire ce fichier demandait trop de temps ou de mémoire : son texte ne se cherche pas."
    ),
}
