"""Settings of a site: `huizong.toml` in the site folder, overridden by HUIZONG_* variables.

Every setting is declared once, here, with the sentence that the README's table, the written
`huizong.toml` and `huizong init --help` all repeat.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableVariable

from flows.configuration.schedule import CronLine, TimeZone
from flows.configuration.settings_faults import told
from flows.configuration.ways import AnyWay, Contact, Mail, Upload, shown
from flows.configuration.workers import Workers
from schemas.errors import SettingsError
from schemas.models import Scheme
from schemas.scheme import CATALOG, load_scheme
from schemas.text import Language

FILE_NAME = "huizong.toml"


class Settings(BaseSettings):
    """What a site decides. Relative paths are relative to the site folder."""

    model_config = SettingsConfigDict(env_prefix="HUIZONG_", extra="forbid", frozen=True)

    scheme: str = Field(
        default="linfen",
        description="The reporting scheme: the name of one that comes with huizong, or a folder.",
    )
    database_url: str = Field(
        default="sqlite:///warehouse.db",
        description="The warehouse: a SQLite file, or postgresql://user:password@host/database.",
    )
    inbox: Path = Field(
        default=Path("inbox"),
        description="The folder, with its subfolders, in which returns arrive.",
    )
    published: Path = Field(
        default=Path("published"),
        description="The folder into which publications are written, one subfolder per period.",
    )
    language: Language | None = Field(
        default=None,
        description="Language of what people read, zh or en; unset, the language of the scheme.",
    )
    schedule_cron: CronLine = Field(
        default="30 2 * * *",
        description="When `huizong serve` runs the night: minute, hour, day, month, weekday.",
    )
    schedule_timezone: TimeZone = Field(
        default="Asia/Shanghai",
        description="The time zone of the schedule and of the times that `huizong status` shows.",
    )
    server_port: int = Field(
        default=4200,
        description="The port of the Prefect page that `huizong serve` opens on this machine.",
    )

    person_key_file: Path = Field(
        default=Path("person.key"),
        description="The key by which persons are told apart without being named; `init` makes it.",
    )

    workers: Workers | None = Field(
        default=None,
        description="Processes over which reading and checking are spread, a [workers] table; "
        "deploy/settings.md lists it.",
    )

    quiet_seconds: float = Field(
        default=5,
        ge=0,
        description="How long a file must not have changed before it is taken as whole.",
    )
    channels: tuple[AnyWay, ...] = Field(
        default=(),
        description="Further ways in, a [[channels]] table each; deploy/settings.md lists them.",
    )
    upload: Upload | None = Field(
        default=None,
        description="The upload page of `huizong upload`, an [upload] table; likewise.",
    )

    mail: Mail | None = Field(
        default=None, description="The mail server, a [mail] table; likewise."
    )
    tell: tuple[Contact, ...] = Field(
        default=(), description="Who is told what, a [[tell]] table each; likewise."
    )
    published_url: str | None = Field(
        default=None,
        description="The web address under which `published` can be seen, for links in mail.",
    )
    remind_days: tuple[int, ...] = Field(
        default=(-7, -1, 1, 3),
        description="On which days before (-) or after a deadline those who owe are reminded.",
    )
    escalate_days: int = Field(
        default=5,
        description="How many days after a deadline the stewards are told who still owes.",
    )

    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How nights and the upload page write their log: text for people, or a JSON "
        "object a line.",
    )

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> Self:
        names = Counter(contact.name for contact in self.tell)
        if double := [name for name, count in names.items() if count > 1]:
            raise ValueError(f"two contacts are called {double[0]!r}; give each its own name")
        if self.mail is None and (named := [each.name for each in self.tell if each.mail]):
            raise ValueError(f"{named[0]!r} is told by mail, but there is no [mail] table")
        return self

    @field_validator("channels")
    @classmethod
    def _each_has_its_own_name(cls, channels: tuple[AnyWay, ...]) -> tuple[AnyWay, ...]:
        names = Counter(["folder", "upload", "desk", *(way.name for way in channels)])
        if double := [name for name, count in names.items() if count > 1]:
            raise ValueError(f"the name {double[0]!r} is taken; give each channel one of its own")
        return channels

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the file named by `toml_file`."""
        return (env_settings, TomlConfigSettingsSource(settings_cls))


class Site:
    """A site folder and its settings: where everything of one installation stands."""

    def __init__(self, folder: Path, *, made: bool = True) -> None:
        """Read the settings. Raises SettingsError; where it need not be `made`, not for that."""
        self.folder = folder.resolve()
        file = self.folder / FILE_NAME
        if made and not file.is_file():
            raise SettingsError(
                f"no {FILE_NAME} in {file.parent}; make a site with `huizong init --site "
                f"{file.parent}` or name an existing one with --site or HUIZONG_SITE"
            )
        self.settings = _load(file)

    @property
    def scheme_folder(self) -> Path:
        """The folder of the scheme. Raises SettingsError when there is none."""
        name = self.settings.scheme
        for folder in (CATALOG / name, self.folder / name):
            if (folder / "scheme.yaml").is_file():
                return folder
        known = ", ".join(sorted(path.parent.name for path in CATALOG.glob("*/scheme.yaml")))
        raise SettingsError(
            f"scheme = {name!r} is neither a scheme that comes with huizong ({known}) "
            f"nor a folder with a scheme.yaml; set it in {self.folder / FILE_NAME}"
        )

    def load_scheme(self) -> Scheme:
        """The scheme, checked as a whole."""
        return load_scheme(self.scheme_folder)

    @property
    def database_url(self) -> str:
        """The database's address; a relative SQLite file lies in the site folder."""
        url = self.settings.database_url
        head, slashes, path = url.partition(":///")
        if head == "sqlite" and slashes and not Path(path).is_absolute():
            return f"sqlite:///{self.folder / path}"
        return url

    @property
    def inbox(self) -> Path:
        """Where returns arrive."""
        return self.folder / self.settings.inbox

    @property
    def published(self) -> Path:
        """Where publications go."""
        return self.folder / self.settings.published

    def secret(self, file: Path) -> str:
        """The password in a file of the site. Raises SettingsError when there is none."""
        path = self.folder / file
        try:
            secret = path.read_text(encoding="utf-8-sig").strip()  # Notepad may put a mark before
        except OSError as error:
            raise SettingsError(
                f"the password file {path} cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            raise SettingsError(
                f"the password file {path} is not text in UTF-8; save it as that"
            ) from None
        if not secret:
            raise SettingsError(f"the password file {path} is empty; write the password into it")
        return secret

    def language(self, scheme: Scheme) -> Language:
        """The language of what people read."""
        return self.settings.language or scheme.language


def _load(file: Path) -> Settings:
    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile()
    except ValidationError as error:
        raise SettingsError(told(error, file, Settings.model_fields)) from None
    except UnreadableVariable as error:
        raise SettingsError(
            f"a HUIZONG_ variable is no JSON, as one for a table or a list has to be: {error}"
        ) from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{file} is not TOML: {error}; write texts in quotes") from None


def describe() -> Iterator[tuple[str, str, str]]:
    """Every setting: its name in the file, its default as TOML, and its sentence."""
    yield from shown(Settings)


def initial_file(scheme: str) -> str:
    """The text of a new `huizong.toml`: every setting with its sentence, defaults commented out."""
    lines = ["# Settings of this site. HUIZONG_<NAME> in the environment goes before this file."]
    for name, default, sentence in describe():
        chosen = f'{name} = "{scheme}"' if name == "scheme" else f"# {name} = {default}".rstrip()
        lines += ["", f"# {sentence}", chosen]
    return "\n".join(lines) + "\n"
