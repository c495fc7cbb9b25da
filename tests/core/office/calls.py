"""How each deed of docs/rights.md is asked for."""

import inspect
from collections.abc import Callable

from core import access
from core.appointment import Actor, IdentityProof, Lack, MediaDevice
from core.office import (
    accounts,
    advisor_view,
    chat,
    closing,
    forgetting,
    forgetting_appointments,
    forgetting_by_age,
    hosting,
    inviting,
    other_device,
    planning,
    private,
    screen,
    seats,
    staff_sessions,
    timekeeping,
    visiting,
)
from tests.conftest import HOUR, NOW
from tests.core.office.scene import TOKEN, Scene

AFTER = NOW + 2 * HOUR
GOOD = "ein ganz neues Wort"

# Each deed with what it needs beside an actor and what there is.
Call = Callable[[Actor, Scene], object]
CALLS: dict[str, Call] = {
    "planning.check": lambda who, it: planning.check(who, NOW, "Neu", "n@example.com", NOW, AFTER),
    "planning.plan": lambda who, it: planning.plan(who, NOW, "Neu", "n@example.com", NOW, AFTER),
    "inviting.new_link": lambda who, it: inviting.new_link(who, NOW, it.guest_id),
    "inviting.mail_sent": lambda who, it: inviting.mail_sent(who, NOW, it.guest_id),
    "inviting.address_of": lambda who, it: inviting.address_of(who, it.guest_id),
    "closing.cancel": lambda who, it: closing.cancel(who, NOW, it.appointment_id),
    "closing.record_missed": lambda who, it: closing.record_missed(who, AFTER, it.appointment_id),
    "closing.expire_due": lambda who, it: closing.expire_due(who, NOW),
    "hosting.open_room": lambda who, it: hosting.open_room(who, NOW, it.appointment_id, {}),
    "hosting.admit": lambda who, it: hosting.admit(who, NOW, it.guest_id, None),
    "hosting.send_back": lambda who, it: hosting.send_back(who, NOW, it.guest_id),
    "hosting.check_identity": lambda who, it: hosting.check_identity(
        who, NOW, it.guest_id, IdentityProof.ID_SHOWN
    ),
    "hosting.end": lambda who, it: hosting.end(who, NOW, it.appointment_id),
    "screen.show": lambda who, it: screen.show(who, NOW, it.appointment_id),
    "screen.hide": lambda who, it: screen.hide(who, NOW, it.appointment_id),
    "private.begin": lambda who, it: private.begin(who, NOW, it.appointment_id),
    "private.knock": lambda who, it: private.knock(who, NOW, it.appointment_id),
    "private.end": lambda who, it: private.end(who, NOW, it.appointment_id),
    "private.others": lambda who, it: private.others(who, it.appointment_id),
    "chat.write": lambda who, it: chat.write(who, NOW, it.appointment_id, "Hallo"),
    "chat.read": lambda who, it: chat.read(who, it.appointment_id),
    "advisor_view.agenda": lambda who, it: advisor_view.agenda(who, NOW.date()),
    "advisor_view.meeting": lambda who, it: advisor_view.meeting(who, it.appointment_id),
    "seats.company": lambda who, it: seats.company(who, it.appointment_id),
    "visiting.consent": lambda who, it: visiting.consent(who, NOW, "1"),
    "visiting.choose_language": lambda who, it: visiting.choose_language(who, NOW, "ar"),
    "visiting.record_device": lambda who, it: visiting.record_device(
        who, NOW, MediaDevice.CAMERA, False
    ),
    "visiting.note_lack": lambda who, it: visiting.note_lack(
        who, NOW, MediaDevice.CAMERA, Lack.BUSY
    ),
    "other_device.take_over": lambda who, it: other_device.take_over(
        who, NOW, access.digest("other")
    ),
    "visiting.enter_waiting": lambda who, it: visiting.enter_waiting(who, NOW),
    "visiting.test_again": lambda who, it: visiting.test_again(who, NOW),
    "visiting.leave": lambda who, it: visiting.leave(who, NOW),
    "visiting.come_back": lambda who, it: visiting.come_back(who, NOW),
    "accounts.add_jobcenter": lambda who, it: accounts.add_jobcenter(
        who, NOW, "Neu", "030 23125-003"
    ),
    "accounts.add_staff": lambda who, it: accounts.add_staff(
        who, NOW, it.jobcenter_id, "Neu", "neu", GOOD
    ),
    "accounts.disable": lambda who, it: accounts.disable(who, NOW, it.staff_id),
    "accounts.enable": lambda who, it: accounts.enable(who, NOW, it.disabled_id),
    "accounts.set_password": lambda who, it: accounts.set_password(who, NOW, it.staff_id, GOOD),
    "accounts.id_of": lambda who, it: accounts.id_of(who, it.login),
    "staff_sessions.sign_out": lambda who, it: staff_sessions.sign_out(who, NOW, TOKEN),
    "timekeeping.keep": lambda who, it: timekeeping.keep(who, NOW),
    "timekeeping.agree": lambda who, it: timekeeping.agree(who, NOW, NOW),
    "timekeeping.confirm": lambda who, it: timekeeping.confirm(who, NOW),
    **{
        f"{module.__name__.rpartition('.')[2]}.{name}": lambda who, it, deed=deed: deed(who, NOW)
        for module in (forgetting, forgetting_appointments, forgetting_by_age)
        for name, deed in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("forget")
    },
}
