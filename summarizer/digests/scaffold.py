"""Files to start a digest from: a commented configuration, systemd and cron units."""

import re
from pathlib import Path
from shlex import quote

from summarizer.digests.config import DigestConfig, secret_variables
from summarizer.digests.delivery.config import NAME_PATTERN
from summarizer.errors import SettingsError

__all__ = ["cron_lines", "starter_config", "systemd_unit"]

_SYSTEMD_UNIT = """\
# ~/.config/systemd/user/summarizer-{name}.service
#   systemctl --user daemon-reload && systemctl --user enable --now summarizer-{name}
#   loginctl enable-linger        it runs on when you are logged out
[Unit]
Description=Digest {name}: {schedule} in {timezone}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={command}
WorkingDirectory={folder}
{environment}Restart=on-failure
RestartSec=60
NoNewPrivileges=yes
PrivateTmp=yes

[Install]
WantedBy=default.target
"""

_CRON_LINES = """\
# crontab -e. Every ten minutes it is asked whether an edition is due ({schedule} in
# {timezone}); if none is, nothing happens. So the machine's own time zone is no matter, and an
# edition missed while it was off is made up for.
{environment}*/10 * * * * cd {folder} && {command}
"""


def starter_config(name: str) -> str:
    """The commented file of a new digest. Raises SettingsError for what can be no name."""
    if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
        raise SettingsError(
            "can be no digest's name", subject=name[:80], hint="small letters, digits and hyphens"
        )
    template = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
    return template.format(name=name, title=name.replace("-", " ").capitalize())


def systemd_unit(config: DigestConfig, file: Path, arguments: list[str]) -> str:
    """A unit that keeps ``arguments`` (a command line) running.

    Where its secrets are to be put is said in the unit; they are not.
    """
    named = secret_variables(config)
    keys = "# holds " + ", ".join(f"{name}=..." for name in named) + "\n" if named else ""
    path = f"%h/.config/summarizer/{config.name}.env"
    return _SYSTEMD_UNIT.format(
        name=config.name,
        schedule=config.schedule,
        timezone=config.timezone,
        command=" ".join(_systemd_word(each) for each in arguments),
        folder=_systemd_path(file.absolute().parent),
        environment=f"{keys}EnvironmentFile=-{path}\n",
    )


def _systemd_word(word: str) -> str:
    """One argument as systemd reads it: quoted, and no specifier or variable in it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("%", "%%").replace("$", "$$")
    return escaped if re.fullmatch(r"[\w./:@+-]+", word) else f'"{escaped}"'


def _systemd_path(path: Path) -> str:
    return str(path).replace("%", "%%")


def cron_lines(config: DigestConfig, file: Path, arguments: list[str]) -> str:
    """Lines for a crontab that run ``arguments`` (a command line) when an edition may be due."""
    named = secret_variables(config)
    set_before = "".join(f"# {name}=...\n" for name in named)
    return _CRON_LINES.format(
        schedule=config.schedule,
        timezone=config.timezone,
        environment=set_before,
        folder=_cron_word(str(file.absolute().parent)),
        command=" ".join(map(_cron_word, arguments)),
    )


def _cron_word(word: str) -> str:
    """One argument for the shell; cron itself takes a bare % for a line end."""
    return quote(word).replace("%", r"\%")
