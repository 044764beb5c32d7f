"""Files to start a digest with: a commented configuration, a systemd unit, crontab lines."""

import re
from pathlib import Path
from shlex import quote

from summarizer.digests.config import DigestConfig, secret_variables
from summarizer.digests.delivery.config import NAME_PATTERN
from summarizer.errors import SettingsError

_SYSTEMD_UNIT = """\
# ~/.config/systemd/user/summarizer-{name}.service
#   systemctl --user daemon-reload && systemctl --user enable --now summarizer-{name}
#   loginctl enable-linger        so that it keeps running when you are logged out
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
# crontab -e. Every ten minutes this checks whether an edition is due ({schedule} in
# {timezone}); if none is, nothing happens. So the machine's own time zone does not matter, and
# an edition missed while the machine was off is made up for.
{environment}*/10 * * * * cd {folder} && {command}
"""


def starter_config(name: str) -> str:
    """The commented file of a new digest. Raises SettingsError for what cannot be its name."""
    if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
        raise SettingsError(
            "cannot be the name of a digest",
            subject=name[:80],
            hint="small letters, digits and hyphens",
        )
    template = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
    return template.format(name=name, title=name.replace("-", " ").capitalize())


def systemd_unit(config: DigestConfig, file: Path, arguments: list[str]) -> str:
    """A unit that keeps ``arguments`` (a command line) running.

    It names the file for the digest's secrets; it does not contain them.
    """
    names = secret_variables(config)
    secrets = "# holds " + ", ".join(f"{name}=..." for name in names) + "\n" if names else ""
    return _SYSTEMD_UNIT.format(
        name=config.name,
        schedule=config.schedule,
        timezone=config.timezone,
        command=" ".join(_systemd_word(each) for each in arguments),
        folder=str(file.absolute().parent).replace("%", "%%"),
        environment=f"{secrets}EnvironmentFile=-%h/.config/summarizer/{config.name}.env\n",
    )


def _systemd_word(word: str) -> str:
    """One argument as systemd reads it: quoted, with neither specifiers nor variables."""
    if re.fullmatch(r"[\w./:@+-]+", word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("%", "%%").replace("$", "$$") + '"'


def cron_lines(config: DigestConfig, file: Path, arguments: list[str]) -> str:
    """Lines for a crontab that run ``arguments`` (a command line) when an edition may be due."""
    return _CRON_LINES.format(
        schedule=config.schedule,
        timezone=config.timezone,
        environment="".join(f"# {name}=...\n" for name in secret_variables(config)),
        folder=_cron_word(str(file.absolute().parent)),
        command=" ".join(map(_cron_word, arguments)),
    )


def _cron_word(word: str) -> str:
    """One argument for the shell; cron itself reads a bare % as the end of the line."""
    return quote(word).replace("%", r"\%")
