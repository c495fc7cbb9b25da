"""
One settings object, read from the environment (BERATUNGSRAUM_…) or a .env file.

Knows no default secret, because there is none. Refuses to start with an address
that would make links point nowhere.
"""

from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, IPvAnyNetwork, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MOST_DAYS = 90
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
    # As text with commas, not as JSON.
    proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(ip_network("127.0.0.1"), ip_network("::1")),
        description="Reverse proxies whose X-Forwarded-For is believed: addresses or networks.",
    )
    mail_from: str = "videotermin@localhost"
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    outbox: Path = ROOT / "data" / "outbox"
    # Days after an appointment's end.
    chat_days: int = 1
    names_days: int = 30
    rest_days: int = 90

    @field_validator("proxies", mode="before")
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

    @model_validator(mode="after")
    def _forgets_in_order(self) -> Self:
        if not 0 < self.chat_days <= self.names_days <= self.rest_days <= MOST_DAYS:
            raise ValueError(
                "days must rise from chat_days over names_days to rest_days, "
                f"each from 1 to {MOST_DAYS}"
            )
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
    return Settings()
