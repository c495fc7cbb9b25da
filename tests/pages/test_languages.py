"""
Every page speaks the language of its reader: which one that is, that it can be changed at every
step, and that no sentence is forgotten.
"""

import re
from datetime import date

import pytest

from core import access, hub, languages, words
from core.office import guest_view, hosting, inviting, planning, staff_sessions, visiting
from core.records import Guest
from core.refused import Reason, Refused
from core.settings import settings
from pages.call import scene
from pages.parts import language as reading_in
from pages.parts import page, people
from pages.tabs import reading
from pages.tabs.credentials import link_cookie
from pages.words import words as page_words
from tests.conftest import NOW, PASSWORD
from tests.jars import DEVICE, link_jar
from tests.pages.knocking import served

HEADINGS = {
    "de": "Startseite",
    "en": words.translation("en")("Startseite"),
    "ar": words.translation("ar")("Startseite"),
}


@pytest.fixture(autouse=True)
def _german_again():
    yield
    page_words.speak(languages.SOURCE)


def choose(tab, code):
    """As if it had been chosen in this tab."""
    kept = tab.at.session_state
    kept[reading_in.CHOSEN] = code
    return tab.run()


def asks_for(monkeypatch, header):
    """The browser's own wish, in every tab."""
    of = reading.of
    monkeypatch.setattr(reading, "of", lambda jar, _asked, **more: of(jar, header, **more))


def test_a_page_is_in_the_language_the_browser_asks_for(house, visitor, monkeypatch):
    asks_for(monkeypatch, "ar-SY,de;q=0.5")
    tab = visitor(house.plan())
    assert tab.heading == HEADINGS["ar"]
    assert tab.told("page")["lang"] == "ar"
    assert tab.told("page")["dir"] == "rtl"
    assert [code for code, *_ in tab.told("head")["languages"]] == list(settings().languages)


def test_an_invitation_in_a_language_comes_before_the_browsers_and_a_choice_before_both(
    house, new_tab, visitor, monkeypatch
):
    asks_for(monkeypatch, "ar")
    planned = house.plan()
    house.set(Guest, planned.guest_id, language="en")
    assert visitor(planned).heading == HEADINGS["en"]
    jar = link_jar(planned.secret) | {"sprache": "de"}
    tab = new_tab(jar, "termin", t=access.link_key(planned.secret))
    assert tab.heading == HEADINGS["de"]
    assert choose(tab, "ar").heading == HEADINGS["ar"]


@pytest.mark.parametrize("code", ["", "xx", "DE", "ps", "../de", "de-simple\n", "ar;q=1"])
def test_a_cookie_that_names_nothing_that_is_offered_is_overlooked(house, new_tab, code):
    planned = house.plan()
    jar = link_jar(planned.secret) | {"sprache": code}
    assert new_tab(jar, "termin", t=access.link_key(planned.secret)).heading == HEADINGS["de"]


def test_who_agrees_is_known_to_read_that_language_and_the_advisor_sees_it(house, visitor, desk):
    planned = house.plan()
    tab = choose(visitor(planned), "ar")
    tab.at.checkbox(key="agreed").check()
    tab.press("go_on")
    assert guest_view.visit(planned.secret).language == "ar"
    assert desk(planned).paragraphs.count("Liest Arabisch") == 1


def test_of_somebody_who_reads_german_nothing_is_said(house, desk):
    planned = house.plan()
    visiting.choose_language(house.guest(planned), NOW, "de")
    assert [each for each in desk(planned).paragraphs if each.startswith("Liest")] == []


def says(house, planned, monkeypatch, code, shown="de"):
    """The list in the browser, as a callback hears it; the page was drawn in another language."""
    kept = {page.HEAD: Said(code), reading_in.READS: shown}
    monkeypatch.setattr(page.st, "session_state", kept)
    monkeypatch.setattr(people, "strange", lambda: False)
    monkeypatch.setattr(people, "is_visitor", lambda: True)
    monkeypatch.setattr(people, "visiting_actor", lambda: house.guest(planned))
    page._choose()
    return kept


def test_the_list_changes_the_language_of_a_guest_and_says_so_to_the_others(
    house, visitor, monkeypatch
):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    visitor(planned)
    told = []
    monkeypatch.setattr(hub.HUB, "changed", told.extend)
    kept = says(house, planned, monkeypatch, "ar")
    assert guest_view.visit(planned.secret).language == "ar"
    assert hub.appointment(planned.appointment_id) in told
    assert kept[reading_in.CHOSEN] == kept[reading_in.READS] == "ar"


def test_before_somebody_has_consented_their_choice_holds_in_the_tab_and_is_not_kept(
    house, visitor, monkeypatch
):
    planned = house.plan()
    visitor(planned)
    kept = says(house, planned, monkeypatch, "ar")
    assert guest_view.visit(planned.secret).language is None
    assert kept[reading_in.CHOSEN] == "ar"


def test_a_choice_said_a_thousand_times_is_made_once(house, visitor, monkeypatch):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    visitor(planned)
    kept = says(house, planned, monkeypatch, "ar")
    deeds_done = []
    monkeypatch.setattr(page.deeds, "attempt", lambda *deed: deeds_done.append(deed))
    for _ in range(1000):
        page._choose()
    assert (deeds_done, kept[reading_in.READS]) == ([], "ar")


def test_a_new_link_forgets_what_the_holder_of_the_old_one_chose_and_keeps_what_was_planned(house):
    guest = house.plan(), house.plan()
    for planned in guest:
        house.set(Guest, planned.guest_id, language="uk")
    visiting.consent(house.guest(guest[1]), NOW, "1", None, "fa")
    secrets = [inviting.new_link(house.advisor, NOW, each.guest_id) for each in guest]
    assert [guest_view.visit(each).language for each in secrets] == ["uk", None]


def test_another_device_is_not_told_in_which_language_somebody_reads(house, visitor):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1", access.digest("a" * 43), "uk")
    assert visitor(planned, device="a" * 43).told("page")["lang"] == "uk"
    assert visitor(planned, device="b" * 43).told("page")["lang"] == "de"


class Said:
    def __init__(self, language):
        self.language = language


@pytest.mark.parametrize("code", [None, "", "xx", "ps", 7, ["ar"], {"language": "ar"}])
def test_what_is_not_on_the_list_changes_nothing(house, visitor, monkeypatch, code):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    visitor(planned)
    kept = says(house, planned, monkeypatch, code)
    assert guest_view.visit(planned.secret).language is None
    assert sorted(kept) == sorted([page.HEAD, reading_in.READS])


def test_staff_choose_between_german_and_english(advisor):
    tab = advisor("tagesplan")
    assert [code for code, *_ in tab.told("head")["languages"]] == ["de", "en"]
    assert choose(tab, "en").heading == words.translation("en")("Tagesplan")
    assert choose(tab, "ar").heading == "Tagesplan"


@pytest.mark.parametrize("code", ["", "xx", "DE", "ar-SY", "ps"])
def test_a_language_there_is_not_is_refused(house, code):
    planned = house.plan()
    with pytest.raises(Refused) as refused:
        visiting.choose_language(house.guest(planned), NOW, code)
    assert refused.value.reason == Reason.NOT_FOUND
    times = NOW, NOW.replace(hour=23)
    with pytest.raises(Refused) as refused:
        planning.plan(house.advisor, NOW, "Emil", "e@example.com", *times, language=code)
    assert refused.value.reason == Reason.NOT_FOUND


def test_others_are_named_in_the_language_of_who_looks_at_them(house):
    planned = house.plan()
    house.talking(planned)
    roles = [
        scene.others(house.advisor, planned.appointment_id, code).known[0].role
        for code in ("de", "en")
    ]
    assert roles == ["Kundin oder Kunde", words.translation("en")("Kundin oder Kunde")]


# --- Plain pages ---


@pytest.fixture
def whole(house):
    with served() as client:
        client.headers.pop("user-agent")
        yield client


def test_a_plain_page_has_the_list_as_links_and_remembers_what_was_chosen(whole):
    text = whole.get("/", headers={"accept-language": "tr"}).text
    assert '<html lang="tr" dir="ltr">' in text
    assert 'href="?sprache=ar" lang="ar" hreflang="ar" dir="rtl"' in text
    answer = whole.get("/?sprache=ar")
    assert (answer.status_code, answer.headers["location"]) == (303, "./")
    assert answer.headers["set-cookie"].startswith(
        "sprache=ar; Max-Age=43200; Path=/; SameSite=lax"
    )
    assert '<html lang="ar" dir="rtl">' in whole.get("/").text


@pytest.mark.parametrize("asked", ["xx", "ps", "", "de%0d%0a", "ar&sprache=xx", "//evil"])
def test_what_is_not_offered_is_no_choice(whole, asked):
    answer = whole.get(f"/?sprache={asked}")
    assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/datenschutz?sprache=en&x=1", "./datenschutz"),
        ("/termin?t=0123456789&sprache=en&kamera=aus", "./termin?t=0123456789"),
        ("/termin?t=javascript:x&sprache=en", "./termin"),
        ("/termin/javascript:alert(1)?sprache=en", "./javascript:alert(1)"),
        ("/termin/%2F%2Fevil.test?sprache=en", "./%2F%2Fevil.test"),
    ],
)
def test_a_choice_leads_to_the_same_page_and_nowhere_else(whole, address, back):
    answer = whole.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, back)


def test_a_page_that_there_is_not_can_be_read_in_another_language_too(whole):
    answer = whole.get("/nirgends?sprache=ar")
    assert (answer.status_code, answer.headers["location"]) == (303, "./nirgends")
    assert '<html lang="ar" dir="rtl">' in whole.get("/nirgends").text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_chooses_nothing(whole, site):
    answer = whole.get("/?sprache=fa", headers={"sec-fetch-site": site})
    assert (answer.status_code, answer.headers.get("set-cookie")) == (303, None)


def test_under_https_the_cookie_is_of_this_host_alone(house, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de")
    settings.cache_clear()
    with served() as whole:
        cookie = whole.get("/?sprache=ar").headers["set-cookie"]
    assert cookie == "__Host-sprache=ar; Max-Age=43200; Path=/; SameSite=lax; Secure"


def test_a_refusal_of_the_sign_in_is_in_staffs_language(whole):
    whole.cookies.set("sprache", "ar")
    refused = whole.post("/anmelden", data={"login": "x"}, headers={"origin": "https://evil.test"})
    assert refused.status_code == 403
    assert '<html lang="de" dir="ltr">' in refused.text


def test_a_page_after_the_end_is_in_the_language_of_its_guest(house):
    planned = house.plan()
    house.set(Guest, planned.guest_id, language="en")
    house.talking(planned)
    house.set(Guest, planned.guest_id, device_hash=access.digest(DEVICE))
    hosting.end(house.advisor, NOW, planned.appointment_id)
    [(name, value)] = link_jar(planned.secret).items()
    with served() as whole:
        whole.cookies.set(name, value)
        text = whole.get(f"/termin?t={name.removeprefix(link_cookie(''))}").text
    assert '<html lang="en" dir="ltr">' in text
    goodbye = "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."
    assert words.translation("en")(goodbye) in text


def test_the_sign_in_is_german_or_english_whatever_clients_have_chosen(whole):
    whole.cookies.set("sprache", "ar")
    assert '<html lang="de" dir="ltr">' in whole.get("/anmelden").text
    whole.cookies.set("sprache", "en")
    text = whole.get("/anmelden").text
    assert '<html lang="en" dir="ltr">' in text
    assert text.count("?sprache=") == 2


# --- Nothing is forgotten ---

LETTERS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")


class Pseudo(words.Translation):
    """Every sentence in brackets, longer and with accents, so that any other one is seen."""

    def __init__(self):
        pass

    def __call__(self, sentence):
        parts = re.split(r"(\{[^{}]*\})", sentence)
        said = [part if part.startswith("{") else part.translate(LETTERS) for part in parts]
        return f"⟦{''.join(said)}{'~' * (len(sentence) * 2 // 5)}⟧"

    def plural(self, one, many, number):
        return self(one if number == 1 else many)


@pytest.fixture
def pseudo(monkeypatch):
    """English alone: what is said by nobody in particular comes in German, and is seen."""
    real = words.translation
    monkeypatch.setattr(
        words,
        "translation",
        lambda language=languages.SOURCE: Pseudo() if language == "en" else real(language),
    )
    return {"sprache": "en"}


# What is no sentence of ours: people, a Jobcenter, days, and what languages call themselves.
DATA = [
    *("Karla Beispiel", "Anna Beraterin", "Jobcenter Musterstadt"),
    *(each.name for each in languages.LANGUAGES.values()),
    *(
        words.date_in_words(date(2026, 11, day), code)
        for day in range(20, 30)
        for code in ("de", "en")
    ),
    *(each.called(languages.LANGUAGES["en"]) for each in languages.LANGUAGES.values()),
]


def left(text):
    """What is not in brackets, without what people are called."""
    while BRACKETED.search(text):
        text = BRACKETED.sub(" ", text)
    for each in DATA:
        text = text.replace(each, " ")
    return re.findall(r"[^\W\d_]{2,}", text)


def spoken(tab):
    """Every text of a page, and every word a script of ours is told."""
    yield from (tag.text for piece in tab.pieces for tag in piece.children)
    for kind in ("button", "checkbox", "radio", "text_input", "chat_input", "selectbox"):
        for each in tab.at.get(kind):
            yield getattr(each, "label", "") or getattr(each, "placeholder", "")
    for kind in ("error", "info", "warning"):
        yield from (each.value for each in tab.at.get(kind))
    for each in (*tab.at.radio, *tab.at.selectbox):
        yield from each.options
    for data in tab.every_told():
        for key in ("words", "lacking", "problems", "alone"):
            yield from texts(data.get(key, ""))


def texts(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    else:
        yield str(value)


STATES = {
    "invited": lambda house, planned: None,
    "testing": lambda house, planned: visiting.consent(house.guest(planned), NOW, "1"),
    "waiting": lambda house, planned: house.waiting(planned),
    "talking": lambda house, planned: house.talking(planned),
    "left": lambda house, planned: visiting.leave(house.talking(planned), NOW),
    "over": lambda house, planned: (
        house.talking(planned),
        hosting.end(house.advisor, NOW, planned.appointment_id),
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_no_sentence_of_a_visitors_page_is_forgotten(house, new_tab, pseudo, state):
    planned = house.plan()
    STATES[state](house, planned)
    key = access.link_key(planned.secret)
    said = list(spoken(new_tab(link_jar(planned.secret) | pseudo, "termin", t=key)))
    assert len([each for each in said if "⟦" in each]) > 5
    assert [found for text in said if (found := left(text))] == []


@pytest.mark.parametrize("state", STATES)
def test_no_sentence_of_a_desk_is_forgotten(house, new_tab, pseudo, state):
    planned = house.plan()
    STATES[state](house, planned)
    number = str(planned.appointment_id)
    said = list(spoken(new_tab(signed_in() | pseudo, "beratung", termin=number)))
    assert len([each for each in said if "⟦" in each]) > 5
    assert [found for text in said if (found := left(text))] == []


def signed_in():
    return {"beratung": staff_sessions.sign_in(NOW, "anna", PASSWORD)}


@pytest.mark.parametrize("path", ["tagesplan", "termin-anlegen"])
def test_no_sentence_of_another_staff_page_is_forgotten(house, new_tab, pseudo, path):
    house.waiting(house.plan())
    said = list(spoken(new_tab(signed_in() | pseudo, path)))
    assert len([each for each in said if "⟦" in each]) > 5
    assert [found for text in said if (found := left(text))] == []


@pytest.mark.parametrize(
    "address", ["/", "/datenschutz", "/anmelden", "/termin/x", "/termin?t=0123456789", "/nirgends"]
)
def test_no_sentence_of_a_plain_page_is_forgotten(whole, pseudo, address):
    body = whole.get(address, headers={"accept-language": "en"}).text.partition("<body>")[2]
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", body, flags=re.DOTALL)
    assert "⟦" in text
    assert left(text) == []
