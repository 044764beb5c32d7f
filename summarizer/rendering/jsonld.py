"""A briefing as linked data: citations as W3C Web Annotations, the run as PROV-O.

Each citation is an annotation: its body is the sentence, its target is the snapshot of the source,
with a TextPositionSelector and a TextQuoteSelector. The context is part of the document, so that
nothing has to be fetched to read it. `FIELD_TERMS` says which field of the JSON is which term.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from summarizer.briefing import Activity, Briefing, Citation, CitedChunk, Sentence, Source

QUOTE_CONTEXT_CHARS = 32
"""Code points on each side of a quotation, by which it is found in a changed text."""

FIELD_TERMS: Mapping[str, str | dict[str, str]] = {
    "title": "dcterms:title",
    "created": {"@id": "dcterms:created", "@type": "xsd:dateTime"},
    "language": "dcterms:language",
    "publisher": "dcterms:publisher",
    "published": "dcterms:issued",
    "url": {"@id": "schema:url", "@type": "@id"},
    "path": "schema:contentUrl",
    "sha256": "schema:sha256",
    "text": "rdf:value",
    "quote": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "agent": {"@id": "prov:agent", "@type": "@id"},
    "plan": {"@id": "prov:hadPlan", "@type": "@id"},
    "used": {"@id": "prov:used", "@type": "@id"},
    "generated": {"@id": "prov:generated", "@type": "@id"},
    "verdict": "run:term:verdict",
    "support": {"@id": "run:term:support", "@type": "xsd:decimal"},
    "checked_by": "run:term:checked_by",
    "method": "run:term:method",
    "origins": {"@id": "run:term:origins", "@type": "xsd:nonNegativeInteger"},
    "step": "run:term:step",
}
"""Field of a briefing's JSON -> the term that it is; ``run:term:`` where no vocabulary has one."""

_CONTEXT: Mapping[str, str | dict[str, str]] = {
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "run": "urn:summarizer:",
    "id": "@id",
    "type": "@type",
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@id"},
    "parts": {"@id": "dcterms:hasPart", "@type": "@id", "@container": "@list"},
    "derived_from": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "association": {"@id": "prov:qualifiedAssociation", "@type": "@id"},
    **FIELD_TERMS,
}


def briefing_jsonld(briefing: Briefing) -> str:
    """The briefing as a JSON-LD document with its context."""
    document = {"@context": _CONTEXT, "@graph": list(_nodes(briefing))}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _nodes(briefing: Briefing) -> Iterator[dict[str, Any]]:
    snapshots = {each.id: _snapshot_id(each) for each in briefing.sources}
    chunks = {each.id: each for each in briefing.chunks}
    yield {
        "id": f"run:{briefing.id}",
        "type": "prov:Entity",
        "title": briefing.title,
        "created": briefing.created.isoformat(),
        "language": briefing.language,
        "parts": [f"run:{story.id}" for story in briefing.stories],
    }
    for story in briefing.stories:
        sentences = list(enumerate(story.all_sentences(), start=1))
        names = [f"run:{briefing.id}:{story.id}:{number}" for number, _ in sentences]
        yield {"id": f"run:{story.id}", "type": "prov:Entity", "parts": names}
        for name, (_, sentence) in zip(names, sentences, strict=True):
            yield _sentence_node(name, sentence, snapshots)
            for number, citation in enumerate(sentence.citations, start=1):
                yield _annotation(f"{name}:{number}", name, citation, snapshots, chunks)
    for source in briefing.sources:
        yield _source_node(source)
    for chunk in briefing.chunks:
        yield {
            "id": f"run:{chunk.id}",
            "type": ["prov:Entity", "oa:SpecificResource"],
            "source": snapshots[chunk.source],
            "selector": _position(chunk.start, chunk.end),
        }
    agents = dict.fromkeys(each.agent for each in briefing.activities)
    yield from (
        {"id": f"run:agent:{name}", "type": "prov:SoftwareAgent", "title": name} for name in agents
    )
    for number, activity in enumerate(briefing.activities, start=1):
        yield _activity_node(f"run:{briefing.id}:activity:{number}", activity)


def _sentence_node(name: str, sentence: Sentence, snapshots: Mapping[str, str]) -> dict[str, Any]:
    fields = ("text", "verdict", "support", "checked_by", "method", "origins")
    return {
        "id": name,
        "type": ["prov:Entity", "oa:TextualBody"],
        **{field: getattr(sentence, field) for field in fields},
        "derived_from": list(dict.fromkeys(snapshots[each.source] for each in sentence.citations)),
    }


def _annotation(
    name: str,
    sentence: str,
    citation: Citation,
    snapshots: Mapping[str, str],
    chunks: Mapping[str, CitedChunk],
) -> dict[str, Any]:
    chunk = chunks[citation.chunk]
    start, end = citation.start - chunk.start, citation.end - chunk.start
    quote = {
        "type": "oa:TextQuoteSelector",
        "quote": citation.quote,
        "prefix": chunk.text[max(0, start - QUOTE_CONTEXT_CHARS) : start],
        "suffix": chunk.text[end : end + QUOTE_CONTEXT_CHARS],
    }
    return {
        "id": name,
        "type": "oa:Annotation",
        "motivation": "oa:linking",
        "body": sentence,
        "target": {
            "type": "oa:SpecificResource",
            "source": snapshots[citation.source],
            "selector": [_position(citation.start, citation.end), quote],
        },
    }


def _position(start: int, end: int) -> dict[str, Any]:
    return {"type": "oa:TextPositionSelector", "start": start, "end": end}


def _source_node(source: Source) -> dict[str, Any]:
    fields = ("title", "publisher", "url", "path", "sha256")
    known = {field: value for field in fields if (value := getattr(source, field))}
    if source.exact_date:
        known["published"] = source.exact_date.isoformat()
    return {"id": _snapshot_id(source), "type": "prov:Entity", **known}


def _snapshot_id(source: Source) -> str:
    """The name of the unchanged text by its hash (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(source.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _activity_node(name: str, activity: Activity) -> dict[str, Any]:
    association = {"type": "prov:Association", "agent": f"run:agent:{activity.agent}"}
    if activity.plan:
        association["plan"] = f"run:plan:{activity.plan}"
    return {
        "id": name,
        "type": "prov:Activity",
        "step": activity.step,
        "association": association,
        "used": [f"run:{each}" for each in activity.used],
        "generated": [f"run:{each}" for each in activity.generated],
    }
