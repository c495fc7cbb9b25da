"""
One settings object, read from the environment (BERATUNGSRAUM_…) or a .env file.

Knows no default secret, because there is none. Refuses to start with an address
that would make links point nowhere.
"""

import re
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

import structlog
from pydantic import (
    AfterValidator,
    Field,
    HttpUrl,
    IPvAnyAddress,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.languages import LANGUAGES, OFFERED, SOURCE
from core.phone import dialled
from core.sender import reached_at, sender

log = structlog.get_logger()
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MOST_DAYS = 90
MOST_TRAIL_DAYS = 3650
ANY_PORT, FIRST_PORT, LAST_PORT = 0, 1024, 65535  # below, only root may listen
# RFC 7065; a browser refuses the whole call for one address it cannot read.
TURN_URL = re.compile(
    r"turns?:([\w.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(\?transport=(udp|tcp))?", re.A
)
SHORTEST_SECRET = 32
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting of the installation; `docs/settings.md` says the same in words."""

    model_config = SettingsConfigDict(
        env_prefix="BERATUNGSRAUM_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a value may be a password
    )

    database_url: str = f"sqlite:///{ROOT / 'data' / 'beratungsraum.sqlite'}"
    base_url: HttpUrl = Field(
        default=HttpUrl("http://localhost:8501"),
        description="Address people reach the app under; links in mails start with it.",
    )
    help_phone: str = Field(
        default="",
        max_length=40,
        description="Number on pages that belong to no Jobcenter (an unknown link).",
    )
    imprint_url: HttpUrl | None = Field(
        default=None,
        description="Where the house's Impressum is; none: no link to it.",
    )
    house: str = Field(
        default="",
        max_length=200,
        description="Who runs this installation, as the statement on accessibility names them.",
    )
    accessibility_mail: Annotated[str, AfterValidator(reached_at)] = Field(
        default="",
        max_length=200,
        description="Where barriers are reported; answered within a month.",
    )
    accessibility_law: str = Field(
        default="§§ 12a, 12b BGG und der BITV 2.0",
        max_length=100,
        description="What the law asks of this house about accessibility; behind 'nach'.",
    )
    arbitration: str = Field(
        default="",
        max_length=400,
        description="Whom the law names for complaints about accessibility; none: § 16 BGG's.",
    )
    # As text with commas, not as JSON.
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        default=OFFERED,
        description="What clients may read in, in the order of the list they choose from.",
    )
    proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(ip_network("127.0.0.1"), ip_network("::1")),
        description="Reverse proxies whose X-Forwarded-For is believed: addresses or networks.",
    )
    mail_from: str = Field(
        default="videotermin@localhost",
        description="Sender of the mails: one address, or `Name <address>`.",
    )
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    outbox: Path = ROOT / "data" / "outbox"
    # Picture and sound; docs/network.md draws the picture.
    media_addresses: Annotated[tuple[IPvAnyAddress, ...], NoDecode] = Field(
        default=(),
        description="Addresses of this machine for browsers; none: the one towards others.",
    )
    media_public_address: IPvAnyAddress | None = Field(
        default=None,
        description="Address outside of a NAT that passes media_port on.",
    )
    media_port: int = Field(
        default=10_000,
        description="The UDP port browsers send to; 0: any the system gives.",
    )
    media_ports: str | None = Field(default=None, description="No more: see media_port.")
    turn_urls: Annotated[tuple[str, ...], NoDecode] = ()
    turn_secret: SecretStr | None = None
    turn_hours: int = Field(default=12, ge=1, le=24)
    # Days after an appointment's end.
    chat_days: int = 1
    names_days: int = 30
    rest_days: int = 90
    # Days after it happened.
    trail_days: int = Field(
        default=1095,
        le=MOST_TRAIL_DAYS,
        description="Days a row of the trail is kept; after rest_days it is about no person.",
    )

    @field_validator("languages", "proxies", "media_addresses", "turn_urls", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _usable(cls, value: HttpUrl) -> HttpUrl:
        if value.query or value.fragment:
            raise ValueError("base_url must have neither query nor fragment")
        if value.scheme == "http" and value.host not in LOOPBACK:
            raise ValueError("base_url must be https: browsers give no camera without it")
        return value

    @field_validator("help_phone")
    @classmethod
    def _one_number(cls, value: str) -> str:
        if value and not dialled(value):
            raise ValueError("help_phone must be one number with its area code, or 115")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_mailbox(cls, value: str) -> str:
        try:
            return sender(value)
        except ValueError:
            raise ValueError("mail_from must be one address in ASCII, or: Name <address>") from None

    @field_validator("languages")
    @classmethod
    def _readable_here(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        there = [each.stem for each in (ROOT / "locales").glob("*.po")]
        if SOURCE not in value or not {*value} <= {SOURCE, *there} & {*LANGUAGES}:
            raise ValueError(f"languages must be {SOURCE} and others of locales/*.po")
        return tuple(dict.fromkeys(value))

    @field_validator("media_addresses")
    @classmethod
    def _own(cls, value: tuple[IPvAnyAddress, ...]) -> tuple[IPvAnyAddress, ...]:
        if any(each.is_unspecified or each.is_multicast or each.is_link_local for each in value):
            raise ValueError("media_addresses must be addresses that browsers can send to")
        return value

    @field_validator("media_port")
    @classmethod
    def _open_to_all(cls, value: int) -> int:
        if value != ANY_PORT and not FIRST_PORT <= value <= LAST_PORT:
            raise ValueError(f"media_port must be from {FIRST_PORT} to {LAST_PORT}")
        return value

    @field_validator("media_ports")
    @classmethod
    def _no_more(cls, value: str | None) -> None:
        if value is not None:
            raise ValueError("media_ports is no more: everybody uses one port, media_port")

    @field_validator("turn_urls")
    @classmethod
    def _readable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(TURN_URL.fullmatch(each) for each in value):
            raise ValueError("turn_urls must look like turns:host:443?transport=tcp")
        return value

    @model_validator(mode="after")
    def _one_behind_the_nat(self) -> Self:
        public = self.media_public_address
        alike = [each for each in self.media_addresses if public and each.version == public.version]
        if public is not None and len(alike) != 1:
            raise ValueError("media_public_address needs one such address in media_addresses")
        return self

    @model_validator(mode="after")
    def _relay_with_its_secret(self) -> Self:
        secret = self.turn_secret.get_secret_value() if self.turn_secret else ""
        if bool(self.turn_urls) != bool(secret):
            raise ValueError("turn_urls and turn_secret go together")
        if secret and len(secret) < SHORTEST_SECRET:
            raise ValueError(f"turn_secret must have at least {SHORTEST_SECRET} characters")
        return self

    @model_validator(mode="after")
    def _forgets_in_order(self) -> Self:
        if not 0 < self.chat_days <= self.names_days <= self.rest_days <= MOST_DAYS:
            raise ValueError(
                "days must rise from chat_days over names_days to rest_days, "
                f"each from 1 to {MOST_DAYS}"
            )
        if self.trail_days < self.rest_days:
            raise ValueError("trail_days must not be shorter than rest_days")
        return self

    @property
    def address(self) -> str:
        """The base address without a slash at its end."""
        return str(self.base_url).rstrip("/")

    @property
    def https(self) -> bool:
        return self.base_url.scheme == "https"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    try:
        return Settings()
    except ValidationError as problem:
        wrong = problem
    # Here, because of what is logged while an exception is handled only the place is kept.
    for each in wrong.errors(include_input=False):
        names = [f"BERATUNGSRAUM_{part}".upper() for part in each["loc"][:1]]
        log.error("a setting is wrong", where="".join(names), kind=each["msg"])
    raise wrong
