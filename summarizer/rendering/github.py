"""Checked drafts as workflow commands of GitHub Actions, which shows them at the draft's lines."""

from collections.abc import Iterator

from summarizer.rendering.view import PageView


def workflow_commands(page: PageView) -> str:
    """A warning for each sentence that is not supported, a notice for one that is unverified, and
    last a notice with the figures."""
    return "".join(f"{command}\n" for command in _commands(page))


def _commands(page: PageView) -> Iterator[str]:
    for sentence in page.sentences:
        if not sentence.note:
            continue
        name = "notice" if sentence.note == "unverified" else "warning"
        message = "\n".join([sentence.text, *sentence.reasons])
        place = {"file": page.title, "line": str(sentence.line)} if page.title != "-" else {}
        yield _command(name, message, place | {"title": sentence.note})
    summary = "\n".join(filter(None, [page.report, *page.notes, page.findings_summary]))
    yield _command("notice", summary, {"title": page.heading})


def _command(name: str, message: str, properties: dict[str, str]) -> str:
    """One command. What would end a message or a property early is escaped."""
    fields = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{name} {fields}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
