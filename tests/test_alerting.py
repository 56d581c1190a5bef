"""Alerts: what is new is told once, to those who said yes, and to nobody who had enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radio_archive.archive import open_archive, wish
from radio_archive.errors import BadInput, Forbidden, NotFound, TooManyAttempts
from radio_archive.messenger import tell
from radio_archive.model import (
    AlertKind,
    AlertState,
    Asked,
    Pace,
    SavedSearch,
    TranscriptKind,
    Trust,
)
from radio_archive.worker import run_worker
from tests.support.making import make_new_broadcast, make_transcript
from tests.support.newsroom import BASE, Newsroom, never, open_newsroom
from tests.web.stocking import add_transcript


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path) as room:
        yield room


def test_an_address_is_asked_before_it_is_written_to(room: Newsroom) -> None:
    alerts = room.archive.alerts
    alerts.ask_by_mail(room.search, wish(AlertKind.MAIL, "a@b.org", Pace.AT_ONCE, "en"), "10.0.0.1")
    ((alert, _),) = alerts.all()
    room.tell()
    (question,) = room.bodies()
    assert f"{BASE}/alerts/{alert.id}?key={alert.key}" in question
    assert "Please confirm" in room.mailbox.letters[0]["Subject"]
    room.say("new", "Le riz du Delta.")
    room.tell()
    assert len(room.mailbox.letters) == 1
    alerts.confirm(alert)
    room.say("newer", "Le riz de Gao.")
    room.tell()
    assert len(room.mailbox.letters) == 2
    assert "Le riz de Gao." in room.bodies()[1]
    assert "Delta" not in room.bodies()[1]


def test_a_letter_says_what_where_why_and_how_far_to_believe_it(room: Newsroom) -> None:
    alert = room.follow()
    new = room.say("new", "Merci à tous.", "Le <riz> coûte cher.")
    room.tell()
    (body,) = room.bodies()
    assert "Débat new" in body
    assert "Le <riz> coûte cher." in body
    assert "Pourquoi : riz (tel que cherché)" in body.replace("\u00a0", " ")
    assert "automatique" in body
    assert f"{BASE}/broadcasts/{new}?t=3.6&q=riz#t=3.6" in body
    assert f"{BASE}/alerts/{alert.id}?key={alert.key}" in body
    letter = room.mailbox.letters[0]
    assert letter["List-Unsubscribe"] == f"<{BASE}/alerts/{alert.id}/off?key={alert.key}>"
    html = letter.get_body(("html",))
    assert html is not None
    assert "Le &lt;<mark>riz</mark>&gt; coûte cher." in html.get_content()


def test_nothing_is_told_twice_nor_what_was_there_before(room: Newsroom) -> None:
    room.follow()
    room.say("new", "Le riz du Delta.")
    assert (room.tell(), room.tell()) == (1, 0)
    # the same words written down anew, and an old broadcast corrected
    room.say("new", "Le riz du Delta est bon.")
    room.say("old", "Le prix du riz monte à Kayes.")
    room.archive.reindex()
    assert room.tell() == 0
    assert len(room.mailbox.letters) == 1


def test_a_word_that_a_correction_brings_is_new(room: Newsroom) -> None:
    room.follow()
    room.say("new", "Le ris du Delta.")
    room.tell()
    assert room.mailbox.letters == []
    room.say("new", "Le riz du Delta.")
    room.tell()
    assert len(room.mailbox.letters) == 1


def test_what_was_taken_out_before_the_letter_went_is_not_told(room: Newsroom) -> None:
    alert = room.follow(pace=Pace.DAILY)
    room.say("new", "Le riz du Delta.")
    room.say("kept", "Le riz de Gao.")
    room.archive.alerts.look()
    room.say("new", "Rien du tout.")
    room.let_be_due(alert)
    room.tell()
    (body,) = room.bodies()
    assert "Gao" in body
    assert "Delta" not in body


def test_the_floor_of_trust_holds_for_what_is_told(room: Newsroom) -> None:
    search = room.archive.searches.save(Asked(text="riz", trust="good"), "Awa")
    room = replace(room, search=search)
    room.follow()
    room.say("unsure", "Le riz du Delta.")
    checked = make_transcript("Le riz vérifié.", kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
    room.say("sure", transcript=checked)
    room.tell()
    (body,) = room.bodies()
    assert "Le riz vérifié." in body
    assert "Delta" not in body


def test_many_passages_come_in_several_letters(room: Newsroom) -> None:
    room.follow()
    for number in range(3):
        texts = [f"Le riz numéro {number} {each} " + "et encore " * 40 for each in range(30)]
        room.say(f"n{number}", *texts)
    room.archive.alerts.look()
    waiting = room.archive.alerts.report().waiting
    assert waiting > 50
    assert room.tell() == 2
    first, second = (body.count("« Le riz") for body in room.bodies())
    assert (first, first + second) == (50, waiting)
    assert len({letter["Message-ID"] for letter in room.mailbox.letters}) == 2


@pytest.mark.parametrize(
    ("pace", "due"),
    [
        (Pace.AT_ONCE, datetime(2026, 3, 4, 5, 59, 30, tzinfo=UTC)),
        (Pace.HOURLY, datetime(2026, 3, 4, 6, tzinfo=UTC)),
        (Pace.DAILY, datetime(2026, 3, 4, 6, tzinfo=UTC)),
    ],
)
def test_a_pace_says_when(pace: Pace, due: datetime) -> None:
    moment = datetime(2026, 3, 4, 5, 59, 30, tzinfo=UTC)
    assert pace.next_after(moment) == due
    later = Pace.DAILY.next_after(datetime(2026, 3, 4, 6, tzinfo=UTC))
    assert later == datetime(2026, 3, 5, 6, tzinfo=UTC)


def test_who_had_enough_is_forgotten_whole(room: Newsroom) -> None:
    alert = room.follow("secret.address@example.org")
    room.say("new", "Le riz du Delta.")
    room.archive.alerts.look()
    room.archive.alerts.end(alert.id)
    assert room.tell() == 0
    with pytest.raises(NotFound):
        room.archive.alerts.get(alert.id, alert.key)
    with room.catalogue.alerts._database.read() as connection:
        for table in ("alerts", "notices"):
            rows = connection.exec_driver_sql(f"select count(*) from {table}")
            assert rows.scalar() == 0


def test_an_address_that_never_said_yes_is_forgotten(room: Newsroom) -> None:
    old = replace(
        wish(AlertKind.MAIL, "a@b.org", Pace.DAILY, "fr"),
        made_at=datetime.now(UTC) - timedelta(days=4),
        search_id=room.search.id,
    )
    room.catalogue.alerts.add(old)
    room.tell()
    assert room.archive.alerts.all() == ()


def test_an_address_asked_twice_is_one_alert(room: Newsroom) -> None:
    room.follow()
    again = wish(AlertKind.MAIL, "awa@example.org", Pace.DAILY, "fr")
    room.archive.alerts.ask_by_mail(room.search, again, "10.0.0.1")
    assert len(room.archive.alerts.all()) == 1
    assert room.tell() == 0


def test_nobody_can_have_an_address_asked_again_and_again(room: Newsroom) -> None:
    def ask(address: str, visitor: str) -> None:
        asked = wish(AlertKind.MAIL, address, Pace.DAILY, "fr")
        room.archive.alerts.ask_by_mail(room.search, asked, visitor)

    for number in range(3):
        ask("victim@example.org", f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts):
        ask("victim@example.org", "10.0.0.9")
    for number in range(10):
        ask(f"a{number}@example.org", "10.1.0.1")
    with pytest.raises(TooManyAttempts):
        ask("another@example.org", "10.1.0.1")


def test_an_address_that_does_not_answer_is_left_alone(room: Newsroom) -> None:
    def ask(search: SavedSearch, later: timedelta = timedelta()) -> bool:
        asked = wish(AlertKind.MAIL, "victim@example.org", Pace.DAILY, "fr")
        made_at = asked.made_at + later
        return room.catalogue.alerts.add(replace(asked, search_id=search.id, made_at=made_at))

    searches = [room.archive.searches.save(Asked(text="riz"), "Awa") for _ in range(4)]
    assert [ask(search) for search in searches] == [True, True, True, False]
    assert not ask(searches[0], timedelta(hours=23))
    assert ask(searches[0], timedelta(hours=25))


def test_the_key_of_another_opens_nothing(room: Newsroom) -> None:
    alert = room.follow()
    for key in ("", "x", "é", alert.key + "x"):
        with pytest.raises(Forbidden):
            room.archive.alerts.get(alert.id, key)


def test_a_mail_server_that_is_away_costs_no_attempt(room: Newsroom) -> None:
    alert = room.follow()
    room.say("new", "Le riz du Delta.")
    away = replace(room.archive.settings, smtp_url="smtp://127.0.0.1:9")
    with open_archive(away) as archive:
        assert tell(archive, never) == 1
    waiting = room.archive.alerts.get(alert.id, alert.key)
    assert (waiting.state, waiting.attempts) == (AlertState.LIVE, 0)
    assert "cannot be used" in room.archive.alerts.report().problem
    room.let_be_due(alert)
    room.tell()
    assert len(room.mailbox.letters) == 1
    assert room.archive.alerts.report().problem == ""


def test_a_full_mailbox_is_tried_again_with_the_same_letter(room: Newsroom) -> None:
    alert = room.follow()
    room.say("new", "Le riz du Delta.")
    room.mailbox.breaks_off = True  # it takes the letter, and nobody learns of it
    room.tell()
    assert room.tell() == 0
    waiting = room.archive.alerts.get(alert.id, alert.key)
    assert waiting.attempts == 1
    assert waiting.due_at is not None
    assert waiting.due_at > datetime.now(UTC)
    room.mailbox.breaks_off = False
    room.say("newer", "Le riz de Gao.")
    room.let_be_due(alert)
    room.tell()
    first, again, other = room.mailbox.letters
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert "Gao" in room.bodies()[2]
    assert "riz de Gao" not in room.bodies()[1]


def test_a_mailbox_that_is_none_is_given_up_and_seen(room: Newsroom) -> None:
    alert = room.follow()
    room.say("new", "Le riz du Delta.")
    room.mailbox.rcpt_answer = "550 5.1.1 no such user"
    room.tell()
    (parked,) = room.archive.status().alerts.parked
    assert (parked.id, parked.attempts) == (alert.id, 1)
    assert "550" in parked.problem
    assert "awa@" not in parked.problem
    room.mailbox.rcpt_answer = "250 OK"
    assert room.archive.alerts.reopen() == 1
    room.tell()
    assert len(room.mailbox.letters) == 1


def test_a_mailbox_that_is_none_is_not_kept_when_it_was_only_asked(room: Newsroom) -> None:
    room.mailbox.rcpt_answer = "550 5.1.1 no such user"
    asked = wish(AlertKind.MAIL, "nobody@example.org", Pace.DAILY, "fr")
    room.archive.alerts.ask_by_mail(room.search, asked, "10.0.0.1")
    room.tell()
    assert room.archive.alerts.all() == ()


def test_a_mailbox_that_stays_full_is_given_up(room: Newsroom) -> None:
    alert = room.follow()
    room.say("new", "Le riz du Delta.")
    room.mailbox.rcpt_answer = "452 4.2.2 full"
    tries = 0
    while room.archive.alerts.get(alert.id, alert.key).state is AlertState.LIVE:
        room.let_be_due(alert)
        tries += room.tell()
        assert tries < 20
    assert tries == 8


def test_several_workers_tell_each_thing_once(room: Newsroom) -> None:
    readers = [room.follow(f"reader{number}@example.org") for number in range(3)]
    for number in range(4):
        room.say(f"n{number}", f"Le riz de la région {number}.")
    barrier = threading.Barrier(4)

    def work() -> None:
        with open_archive(room.archive.settings) as archive:
            barrier.wait()
            for _ in range(5):
                tell(archive, never)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for reader in readers:
        mine = [each for each in room.mailbox.letters if each["To"] == reader.address]
        texts = "".join(room.bodies(mine))
        assert [texts.count(f"région {number}") for number in range(4)] == [1] * 4


def test_a_worker_that_dies_while_it_sends_leaves_the_letter_to_another(
    room: Newsroom,
) -> None:
    alert = room.follow()
    room.say("new", "Le riz du Delta.")
    room.archive.alerts.look()
    taken = room.catalogue.parcels.claim([AlertKind.MAIL], datetime.now(UTC))
    assert taken is not None
    assert room.tell() == 0
    later = datetime.now(UTC) + timedelta(minutes=6)
    again = room.catalogue.parcels.claim([AlertKind.MAIL], later)
    assert again is not None
    assert (again.batch, again.findings) == (taken.batch, taken.findings)
    # what the first says afterwards counts for nothing
    room.catalogue.parcels.park(taken, "late")
    assert room.archive.alerts.get(alert.id, alert.key).state is AlertState.LIVE


def test_a_worker_finds_and_tells_by_itself(room: Newsroom) -> None:
    room.follow()
    broadcast_id, _ = room.catalogue.broadcasts.put(make_new_broadcast("by work"))
    add_transcript(room.catalogue, broadcast_id, make_transcript("Le riz du Delta."))
    run_worker(room.archive, until_idle=True)
    (body,) = room.bodies()
    assert "Le riz du Delta." in body


def test_a_machine_that_leaves_the_index_to_another_tells_nothing(tmp_path: Path) -> None:
    with open_newsroom(tmp_path, work_kinds=("transcribe",)) as room:
        room.follow()
        room.say("new", "Le riz du Delta.")
        run_worker(room.archive, until_idle=True)
        assert room.mailbox.letters == []


def test_without_settings_nothing_is_offered(tmp_path: Path) -> None:
    with open_newsroom(tmp_path, smtp_url="", base_url="") as room:
        assert room.archive.alerts.kinds == frozenset()
        with pytest.raises(BadInput, match="letters"):
            room.archive.alerts.ask_by_mail(
                room.search, wish(AlertKind.MAIL, "a@b.org", Pace.DAILY, "fr"), "10.0.0.1"
            )
        assert room.tell() == 0


def test_a_search_over_an_archive_larger_than_what_is_kept_tells_of_new_broadcasts_only(
    room: Newsroom,
) -> None:
    with room.catalogue.alerts._database.write() as connection:
        connection.exec_driver_sql("update saved_searches set total = 5000")
    room.follow()
    room.say("old", "Rien.", "Le riz encore.")
    room.tell()
    assert room.mailbox.letters == []
