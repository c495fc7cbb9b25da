"""The calm end of a visit that was open; anyone who comes later gets it as plain HTML."""

from core import clock
from core.office import helpline
from pages.parts import people, show
from pages.words import goodbye
from pages.words.words import _

visit = people.visit()
happened, *what_now = goodbye.sentences(visit, clock.now())
show.text(happened, "p", "lead")
for sentence in what_now:
    show.text(sentence)
phone = visit.jobcenter_phone if visit else helpline.help_phone()
if phone:
    show.facts({}, {_("Fragen? Rufen Sie uns an"): phone})
