"""A phone number on a plain page. Knows whether it can be dialled, and no page."""

from markupsafe import Markup

from core.phone import dialled


def tel(phone: str) -> str | Markup:
    """A number that can be called by a tap."""
    number = dialled(phone)
    return Markup('<a href="tel:{}">{}</a>').format(number, phone) if number else phone
