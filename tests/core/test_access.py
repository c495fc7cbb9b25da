"""Secrets: long, different each time, stored only as hashes."""

import hashlib

import pytest

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
    monkeypatch.setattr(access, "_hasher", None)  # whoever asked it would fail
    assert not access.password_matches(stored, too_long)
    assert not access.password_matches(None, too_long)


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$broken"])
def test_an_unknown_account_or_a_broken_hash_matches_nothing(stored):
    assert not access.password_matches(stored, "anything at all")
    assert not access.password_matches(stored, "half a character: \ud800")
