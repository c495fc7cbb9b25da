"""The browser's own "back": out of a talk it asks first, anywhere else it does not."""

from functools import partial

from playwright.sync_api import Dialog, expect

from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import Served
from tests.browser.test_journey import meet

BESIDE = {
    "Barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "Hilfe": "Schritt für Schritt zur Videokommunikation",
}
QUESTION = "Möchten Sie das Gespräch wirklich verlassen?"


class Answers:
    """What somebody is asked, and answers."""

    def __init__(self, person: Person, yes: bool) -> None:
        self.asked: list[str] = []
        self.yes = yes
        person.page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        self.asked.append(dialog.message)
        if self.yes:
            dialog.accept()
        else:
            dialog.dismiss()


def back(person: Person) -> None:
    """As by the button: a page that stays is never reloaded, so it is not waited for."""
    person.page.evaluate("setTimeout(() => history.back())")


def is_guarded(person: Person) -> bool:
    return bool(person.page.evaluate("Boolean(history.state?.beratungsraumTalk)"))


def asked(person: Person, answers: Answers, times: int) -> None:
    def enough() -> bool:
        person.page.evaluate("0")  # Playwright hears of dialogs only while it talks to the page
        return len(answers.asked) >= times

    wait_until(enough, "the question is asked")
    assert answers.asked == [QUESTION] * times


def sees_more_than(person: Person, frames: float) -> None:
    wait_until(lambda: person.received()["frames"] > frames, "frames come")


def goes_on(visitor: Visitor, advisor: Advisor) -> None:
    for person, other in ((visitor, advisor), (advisor, visitor)):
        before = person.received()["frames"]
        sees_more_than(person, before + 10)
        assert person.sees_picture_of(other)
        assert person.page.evaluate("window.connections.length") == 1


def test_who_says_no_stays_in_the_talk_however_often_they_go_back(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    meet(visitor, advisor, served.plan())
    for person in (visitor, advisor):
        answers = Answers(person, yes=False)
        address = person.page.url
        for times in (1, 2, 3):
            wait_until(partial(is_guarded, person), "it stands before the talk")
            back(person)
            asked(person, answers, times)
        assert person.page.url == address
        person.sees("Beratungsraum")
    goes_on(visitor, advisor)


def test_who_says_yes_leaves_and_is_asked_once(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    before = f"{served.base_url}/datenschutz"
    visitor.opens(before)
    meet(visitor, advisor, served.plan())
    answers = Answers(advisor, yes=True)
    wait_until(lambda: is_guarded(advisor), "it stands before the talk")
    back(advisor)
    asked(advisor, answers, 1)
    advisor.sees("Tagesplan")
    here = Answers(visitor, yes=True)
    wait_until(lambda: is_guarded(visitor), "it stands before the talk")
    back(visitor)
    visitor.page.wait_for_url(before)
    assert (answers.asked, here.asked) == ([QUESTION], [QUESTION])


def test_a_reload_in_the_talk_adds_nothing_and_is_asked_about_as_before(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    meet(visitor, advisor, served.plan())
    wait_until(lambda: is_guarded(visitor), "it stands before the talk")
    length = visitor.page.evaluate("history.length")
    visitor.page.reload()
    visitor.sees("Beratungsraum")
    visitor.sees_and_hears()
    assert visitor.page.evaluate("history.length") == length
    answers = Answers(visitor, yes=False)
    back(visitor)
    asked(visitor, answers, 1)


def test_before_and_after_a_talk_nobody_is_asked(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    answers = [Answers(person, yes=False) for person in (visitor, advisor)]
    before = f"{served.base_url}/datenschutz"
    visitor.opens(before)
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    assert not is_guarded(visitor)
    back(visitor)
    visitor.page.wait_for_url(before)
    meet(visitor, advisor, served.plan())
    advisor.ends_for_all()
    visitor.page.get_by_text("Das Gespräch ist beendet.").first.wait_for()
    expect(advisor.page.locator(".stage.talking")).to_have_count(0)
    back(advisor)
    back(advisor)
    advisor.sees("Tagesplan")
    assert [each.asked for each in answers] == [[], []]


def test_help_and_the_statement_open_beside_a_call_which_goes_on(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    meet(visitor, advisor, served.plan())
    for person in (visitor, advisor):
        for name, heading in BESIDE.items():
            with person.context.expect_page() as opened:
                person.page.locator("footer.foot").get_by_role("link", name=name).click()
            beside = opened.value
            expect(beside.get_by_role("heading", level=1)).to_have_text(heading)
            assert beside.evaluate("window.opener") is None
            beside.close()
    goes_on(visitor, advisor)
