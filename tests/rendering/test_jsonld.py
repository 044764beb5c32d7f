"""A briefing as linked data, read by a processor of JSON-LD that is not ours."""

import json
from typing import Any

import pytest
from pyld import jsonld

from summarizer.briefing import Activity, Briefing
from summarizer.rendering.formats import render_document
from tests.rendering.samples import seeds, snapshots

OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"

Node = dict[str, Any]


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    story = seeds().stories[0].id
    call = Activity(
        step="write", agent="openai/some", plan="ab" * 32, used=("c-1",), generated=(story,)
    )
    return seeds().model_copy(update={"activities": (call,)})


@pytest.fixture(scope="module")
def nodes(briefing: Briefing) -> list[Node]:
    """The expanded nodes; whatever would have to be fetched fails."""

    def refuse(url: str, _: object) -> object:
        raise AssertionError(f"{url} would be fetched")

    document = json.loads(render_document(briefing, "jsonld"))
    expanded: list[Node] = jsonld.expand(document, {"documentLoader": refuse})
    return expanded


def of_type(nodes: list[Node], name: str) -> list[Node]:
    return [each for each in nodes if name in each.get("@type", ())]


def value(node: Node, term: str) -> Any:
    return node[term][0].get("@value", node[term][0].get("@id"))


def keys(value: object) -> set[str]:
    """All keys in a JSON value."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set()


def test_every_key_is_a_term(briefing: Briefing, nodes: list[Node]) -> None:
    """Expansion drops in silence what the context does not define."""
    document = json.loads(render_document(briefing, "jsonld"))
    assert keys(document["@graph"]) <= set(document["@context"])
    compacted = jsonld.compact(nodes, document["@context"])
    assert jsonld.expand(compacted) == nodes


def test_each_citation_is_an_annotation(briefing: Briefing, nodes: list[Node]) -> None:
    citations = [each for one in briefing.all_sentences() for each in one.citations]
    annotations = of_type(nodes, f"{OA}Annotation")
    assert len(annotations) == len(citations)
    texts = {f"ni:///sha-256;{each}": text for each, text in texts_by_name(briefing).items()}
    bodies = {each["@id"] for each in of_type(nodes, f"{OA}TextualBody")}
    for annotation, citation in zip(annotations, citations, strict=True):
        assert value(annotation, f"{OA}hasBody") in bodies
        target = annotation[f"{OA}hasTarget"][0]
        position, quote = target[f"{OA}hasSelector"]
        assert position["@type"] == [f"{OA}TextPositionSelector"]
        assert quote["@type"] == [f"{OA}TextQuoteSelector"]
        start, end = int(value(position, f"{OA}start")), int(value(position, f"{OA}end"))
        assert (start, end) == (citation.start, citation.end)
        text = texts[value(target, f"{OA}hasSource")]
        around = "".join(value(quote, f"{OA}{part}") for part in ("prefix", "exact", "suffix"))
        assert text[start:end] == value(quote, f"{OA}exact")
        assert around in text


def texts_by_name(briefing: Briefing) -> dict[str, str]:
    """The texts of the sources by the end of their names."""
    import base64

    return {
        base64.urlsafe_b64encode(bytes.fromhex(each.sha256)).decode().rstrip("="): snapshots()[
            each.id
        ]
        for each in briefing.sources
    }


def test_the_run_is_described_as_prov(nodes: list[Node]) -> None:
    (activity,) = of_type(nodes, f"{PROV}Activity")
    association = activity[f"{PROV}qualifiedAssociation"][0]
    (agent,) = of_type(nodes, f"{PROV}SoftwareAgent")
    assert value(association, f"{PROV}agent") == agent["@id"] == "urn:summarizer:agent:openai/some"
    assert value(association, f"{PROV}hadPlan") == f"urn:summarizer:plan:{'ab' * 32}"
    assert value(activity, f"{PROV}used") == "urn:summarizer:c-1"
    entities = {each["@id"] for each in of_type(nodes, f"{PROV}Entity")}
    assert value(activity, f"{PROV}generated") in entities
