"""The catalogue: durable records of what the archive holds. The truth; work is derived from it.

One class per kind of record, each a few typed methods over SQL; `Catalogue` gathers them.
"""

from __future__ import annotations

from radio_archive.catalogue.alerts import Alerts
from radio_archive.catalogue.broadcasts import Broadcasts
from radio_archive.catalogue.checkpoints import KeptAnswers
from radio_archive.catalogue.documents import Documents
from radio_archive.catalogue.dossiers import Dossiers
from radio_archive.catalogue.editors import EditorAccounts
from radio_archive.catalogue.edits import Drafts, Edits
from radio_archive.catalogue.feeds import Feeds
from radio_archive.catalogue.fingerprints import Fingerprints
from radio_archive.catalogue.glossary import Glossary
from radio_archive.catalogue.made_sound import MadeSounds
from radio_archive.catalogue.opinions import Opinions
from radio_archive.catalogue.parcels import Parcels
from radio_archive.catalogue.recordings import Recordings
from radio_archive.catalogue.related import Related
from radio_archive.catalogue.renewals import Renewals
from radio_archive.catalogue.reports import Reports
from radio_archive.catalogue.searches import SavedSearches
from radio_archive.catalogue.sound_maps import SoundMaps
from radio_archive.catalogue.titles import Titles
from radio_archive.catalogue.transcripts import Transcripts
from radio_archive.catalogue.voices import VoiceNames
from radio_archive.catalogue.withdrawals import Withdrawals
from radio_archive.db import Database


class Catalogue:
    """Everything the archive knows, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.broadcasts = Broadcasts(database)
        self.answers = KeptAnswers(database)
        self.recordings = Recordings(database)
        self.made_sounds = MadeSounds(database)
        self.fingerprints = Fingerprints(database)
        self.sound_maps = SoundMaps(database)
        self.titles = Titles(database)
        self.transcripts = Transcripts(database)
        self.voice_names = VoiceNames(database)
        self.feeds = Feeds(database)
        self.reports = Reports(database)
        self.glossary = Glossary(database)
        self.editors = EditorAccounts(database)
        self.edits = Edits(database)
        self.drafts = Drafts(database)
        self.opinions = Opinions(database)
        self.dossiers = Dossiers(database)
        self.related = Related(database)
        self.documents = Documents(database)
        self.searches = SavedSearches(database)
        self.alerts = Alerts(database)
        self.parcels = Parcels(database)
        self.withdrawals = Withdrawals(database)
        self.renewals = Renewals(database)

    @property
    def reads_from_replica(self) -> int:
        """How often somebody read the state of a moment ago; see `Database`."""
        return self._database.reads_from_replica
