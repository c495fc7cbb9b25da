"""Out of the talk, on purpose or by mistake; as long as the room is open there is a way back."""

import streamlit as st

from core.office import visiting
from pages.parts import deeds, people, show
from pages.visitor import steps
from pages.words import goodbye
from pages.words.words import _

visit = people.visit()
if visit is None:
    st.stop()

show.text(_("Sie haben das Gespräch verlassen. Kamera und Mikrofon sind aus."), "p", "lead")
show.text(_("Möchten Sie nicht mehr sprechen? Dann können Sie dieses Fenster schließen."))
sentence = _(
    "War es ein Versehen oder hat die Technik nicht funktioniert? Dann kommen Sie zurück. "
    "{advisor} lässt Sie wieder ein."
)
show.text(sentence.format(advisor=visit.advisor_name))
deeds.button(
    _("Zurück zum Gespräch"),
    do=visiting.come_back,
    who=people.visiting_actor,
    key="come_back",
    kind="primary",
    width="content",
)
show.text(goodbye.not_your_fault(), "p", "quiet")
show.call_us(_("Klappt etwas nicht? Rufen Sie uns an: {phone}"), visit.jobcenter_phone)
steps.watch(steps.Step.LEFT)
