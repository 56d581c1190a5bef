"""How pages say how far a text may be believed: transcripts by their trust, passages by band."""

from __future__ import annotations

from collections.abc import Mapping

from radio_archive.model import Band, QuoteState, Trust
from radio_archive.web.i18n import N_

#: the word on the badge, and what it means
TRUST: Mapping[Trust, tuple[str, str]] = {
    Trust.CHECKED: (N_("vérifié"), N_("Une personne a écouté et corrigé ce texte.")),
    Trust.IMPORTED: (
        N_("importé"),
        N_("Ce texte vient de personnes extérieures ; il n'a pas été vérifié ici."),
    ),
    Trust.MACHINE: (
        N_("automatique"),
        N_("Transcription automatique : écoutez avant de citer."),
    ),
    Trust.MACHINE_WEAK: (
        N_("automatique, peu sûr"),
        N_(
            "Transcription automatique qui se trompe souvent dans cette langue ou sur ce son : "
            "écoutez avant de citer."
        ),
    ),
}

#: what stands beside a passage the machine was less sure of, and what it means
BANDS: Mapping[Band, tuple[str, str]] = {
    Band.WEAK: (
        N_("plusieurs mots incertains"),
        N_("La machine a hésité : plusieurs mots sont sans doute faux, écoutez avant de citer."),
    ),
    Band.UNSURE: (
        N_("texte incertain, à vérifier à l'oreille"),
        N_("La machine n'était pas sûre de ce qu'elle entendait : beaucoup de mots sont faux."),
    ),
}

#: what is left of a search by the floors of trust it may ask for
FLOORS: Mapping[Band, str] = {
    Band.GOOD: N_("seulement ce qui est sûr"),
    Band.WEAK: N_("sans texte incertain"),
}

#: what became of words since they were quoted: in a word, and in a sentence
QUOTES: Mapping[QuoteState, tuple[str, str]] = {
    QuoteState.UNCHANGED: (
        N_("inchangée"),
        N_("Ces mots sont toujours ceux de la transcription."),
    ),
    QuoteState.CORRECTED: (
        N_("corrigée depuis"),
        N_("La transcription a changé depuis que ces mots ont été cités."),
    ),
    QuoteState.WITHDRAWN: (
        N_("retirée"),
        N_("Ces mots ont été retirés de la transcription et ne sont plus montrés."),
    ),
    QuoteState.UNKNOWN: (
        N_("autre texte"),
        N_("La version citée n'est pas dans cette archive ; voici ce qui s'y trouve aujourd'hui."),
    ),
    QuoteState.NO_TEXT: (
        N_("sans texte"),
        N_("Personne n'a encore écrit ce qui est dit ici : voici le son."),
    ),
}
