"""Secrets: long, different each time, stored only as hashes."""

import hashlib
import unicodedata

import pytest
from argon2 import PasswordHasher

from core import access
from tests.hostile import HOSTILE


def test_a_secret_is_256_random_bits_in_an_address():
    secrets = {access.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {43}
    assert all(access.looks_like_secret(secret) for secret in secrets)


def test_no_hostile_text_looks_like_a_secret():
    assert [text for text in HOSTILE if access.looks_like_secret(text)] == []
    assert not access.looks_like_secret(access.new_secret() + "\n")


def test_the_digest_is_sha_256():
    assert access.digest("abc") == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_an_address_brings_has_a_digest(text):
    assert len(access.digest(text)) == 64


def test_a_link_key_tells_links_apart_and_opens_nothing():
    one, other = access.new_secret(), access.new_secret()
    assert access.link_key(one) == access.link_key(one)
    assert access.link_key(one) != access.link_key(other)
    assert not access.digest(one).startswith(access.link_key(one))


@pytest.mark.parametrize(
    "password",
    ["passwort1234", "Passwort123456!", "Beratungsraum2026", "Jobcenter!2026", "xxxxxxxxxxxx",
     "abababababab", "123456789012", "qwertzuiop123", "Berger.berger.1", "admin-passwort"],
)  # fmt: skip
def test_what_guessing_starts_with_is_easy(password):
    assert access.easy_to_guess(password, "Berger ")


@pytest.mark.parametrize(
    "password", ["ein langes Passwort", "berger mag rote Äpfel", "Xk3-qv9-Tz7!"]
)
def test_words_of_ones_own_are_not(password):
    assert not access.easy_to_guess(password, "berger")
    assert not access.easy_to_guess(password, "")


def test_a_password_matches_only_its_own_salted_hash():
    first, second = access.hash_password("correct horse"), access.hash_password("correct horse")
    assert first != second
    assert access.password_matches(first, "correct horse")
    assert not access.password_matches(first, "correct horse ")


def test_a_password_of_more_than_200_characters_matches_nothing_and_costs_nothing(monkeypatch):
    longest, too_long = "x" * 200, "x" * 201
    assert access.password_matches(access.hash_password(longest), longest)
    stored = access.hash_password(too_long)
    monkeypatch.setattr(access, "_hasher", None)  # anyone who asked it would fail
    assert not access.password_matches(stored, too_long)
    assert not access.password_matches(None, too_long)


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$broken"])
def test_an_unknown_account_or_a_broken_hash_matches_nothing(stored):
    assert not access.password_matches(stored, "anything at all")
    assert not access.password_matches(stored, "half a character: \ud800")


# One password each, as different keyboards, systems and fields write it.
SAME = [
    ("schöne grüne Äpfel", "schöne grüne Äpfel"),
    ("Ångström und Café", "\u212bngström und Café"),  # the sign for the unit
    ("Phạm Quỳnh geht heim", "Phạm Quỳnh geht heim"),
    ("Dvořák und Žižka Š", "Dvořák und Žižka Š"),
    ("강남 스타일 노래방 가자 오늘", "강남 스타일 노래방 가자 오늘"),
    ("ein langes Passwort", "ein\u00a0langes\u202fPasswort"),
    ("あがぎぐげござじずぜぞだ", "あがぎぐげござじずぜぞだ"),
]
FORMS = ("NFC", "NFD")


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("set_as", FORMS)
@pytest.mark.parametrize("typed_as", FORMS)
def test_a_password_is_the_same_in_every_form_of_unicode(one, other, set_as, typed_as):
    stored = access.hash_password(unicodedata.normalize(set_as, one))
    assert access.password_matches(stored, unicodedata.normalize(typed_as, other))
    assert not access.password_matches(stored, unicodedata.normalize(typed_as, f"{other}!"))


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("set_as", FORMS)
def test_a_password_set_before_there_was_one_form_still_opens(one, other, set_as):
    for password in (one, other):
        before = unicodedata.normalize(set_as, password)
        assert access.password_matches(PasswordHasher().hash(before), before)


def test_an_old_hash_of_letters_in_two_parts_opens_by_whole_ones():
    stored = PasswordHasher().hash(unicodedata.normalize("NFD", "schöne grüne Äpfel"))
    assert access.password_matches(stored, unicodedata.normalize("NFC", "schöne grüne Äpfel"))


def test_200_letters_in_two_parts_are_200_letters():
    password = "äöü" * 66
    stored = access.hash_password(password)
    assert access.password_matches(stored, unicodedata.normalize("NFD", password))


def test_an_unknown_account_takes_as_many_checks_as_a_known_one(monkeypatch):
    checked = []
    monkeypatch.setattr(access, "_verified", lambda *what: checked.append(what) or False)
    for stored in (None, "a hash"):
        assert not access.password_matches(stored, "ä b")
    assert [password for _stored, password in checked[:2]] == ["ä b", "a\u0308 b"]
    assert [password for _stored, password in checked[2:]] == ["ä b", "a\u0308 b"]


@pytest.mark.parametrize(
    "login", ["jörg", "JÖRG", " Jo\u0308rg ", "jo\u0308rg", "j\u00adörg\u200b", "\ufeffJörg\u00a0"]
)
def test_a_login_is_the_same_however_it_is_written(login):
    assert access.login_form(login) == "jörg"
    assert "jo\u0308rg" in access.login_forms(login)


def test_a_password_made_of_the_login_in_another_form_is_easy():
    assert access.easy_to_guess("Jo\u0308rg-jo\u0308rg-1", "jörg")
