"""What the archive says in JSON: the same words on the web and on the command line.

Every function turns records into plain dicts, lists, text and numbers that ``json.dumps`` takes as
they are. The keys are a contract with other people's scripts: add some, never rename or remove one.
"""

from __future__ import annotations

from radio_archive.answers.broadcasts import (
    SoundFacts,
    broadcast_answer,
    gap_answer,
    transcript_answer,
    voices_answer,
)
from radio_archive.answers.corrections import corrections_answer
from radio_archive.answers.dossiers import dossier_answer, dossiers_answer
from radio_archive.answers.evaluation import evaluation_answer
from radio_archive.answers.glossary import (
    entry_answer,
    glossary_answer,
    proposal_answer,
    reworded_answer,
)
from radio_archive.answers.quotes import quote_answer
from radio_archive.answers.saved import alert_answer, news_answer, saved_search_answer
from radio_archive.answers.search import search_answer
from radio_archive.answers.shared import ROUGH_TRANSLATION, Answer, error_answer, moment_text
from radio_archive.answers.trend import trend_answer
from radio_archive.answers.work import (
    coverage_answer,
    doctor_answer,
    feed_answer,
    import_answer,
    ingest_answer,
    model_answer,
    move_answer,
    name_answer,
    status_answer,
    work_answer,
)

__all__ = [
    "ROUGH_TRANSLATION",
    "Answer",
    "error_answer",
    "moment_text",
    "search_answer",
    "trend_answer",
    "saved_search_answer",
    "news_answer",
    "alert_answer",
    "SoundFacts",
    "broadcast_answer",
    "transcript_answer",
    "gap_answer",
    "voices_answer",
    "ingest_answer",
    "import_answer",
    "work_answer",
    "feed_answer",
    "status_answer",
    "coverage_answer",
    "doctor_answer",
    "name_answer",
    "model_answer",
    "move_answer",
    "evaluation_answer",
    "entry_answer",
    "glossary_answer",
    "proposal_answer",
    "reworded_answer",
    "corrections_answer",
    "quote_answer",
    "dossiers_answer",
    "dossier_answer",
]
