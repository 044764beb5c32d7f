"""What rules may call supported: a source's sentence, and nothing that only looks like it."""

import pytest

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim

SAME = [
    ("en", "It costs $35.1 billion.", "It costs $35.1bn."),
    ("en", "Three boats sank.", "3 boats sank."),
    ("en", "The hall has 1,200 rooms.", "The hall has 1200 rooms."),
    ("en", "Support fell to 5 percent.", "Support fell to 5%."),
    ("en", "The United Kingdom joined.", "The UK joined."),
    ("en", "“We are done,” he said.", '"We are done," he said.'),
    ("en", "A storm flooded Ostby.", "A STORM FLOODED OSTBY."),
    ("de", "Die Gemeinde zahlt 1.500 Euro.", "Die Gemeinde zahlt 1500 Euro."),
]
OTHER = [
    # an ending: when, how many, who does it to whom
    ("en", "The factory closes on Friday.", "The factory closed on Friday."),
    ("en", "The minister's advisers resigned.", "The ministers' adviser resigned."),
    ("en", "The workers' union won.", "The worker's union won."),
    ("en", "The boy was frightened.", "The boy was frightening."),
    ("de", "Die Werft baut Schiffe.", "Die Werft baute Schiffe."),
    ("fr", "Le ministre vendra la ferme.", "Le ministre vendrait la ferme."),
    ("es", "El alcalde anula el voto.", "El alcalde anuló el voto."),
    ("it", "Il sindaco vende la villa.", "Il sindaco vendeva la villa."),
    ("ru", "Министр продаёт завод.", "Министр продал завод."),
    # an article
    ("en", "Few of the passengers spoke.", "A few of the passengers spoke."),
    # a country for its people, a man for a people
    ("en", "Germans rejected the plan.", "Germany rejected the plan."),
    ("en", "Jordan beat the record in Marlow.", "A Jordanian beat the record in Marlow."),
    # a figure that has the same value only as it is parsed
    ("en", "The channel cost 5m.", "The channel cost 5 metres."),
    ("en", "The truck carries 5 tons.", "The truck carries 5 tonnes."),
    ("en", "Orven beat Tessel 2-1.", "Orven beat Tessel 1-2."),
    ("en", "Growth of <5 percent is expected.", "Growth of 5 percent is expected."),
    ("en", "The store sold 40+ boats.", "The store sold 40 boats."),
    ("en", "It stores 5 MB.", "It stores 5 Mb."),
    ("de", "Die Firma zahlt 1.500 Euro.", "Die Firma zahlt 1,5 Euro."),
    ("es", "Cuesta 1.500 pesos.", "Cuesta 1,5 pesos."),
]


@pytest.mark.parametrize(("language", "source", "claim"), SAME)
def test_another_way_to_write_a_sentence_restates_it(
    language: str, source: str, claim: str
) -> None:
    judged = judge_claim(Claim(claim, language), [Passage(source, language)])
    assert (judged.verdict, judged.issues) == ("supported", ())


@pytest.mark.parametrize(("language", "source", "claim"), OTHER)
def test_other_endings_articles_peoples_and_units_restate_nothing(
    language: str, source: str, claim: str
) -> None:
    for one, other in ((source, claim), (claim, source)):
        assert judge_claim(Claim(one, language), [Passage(other, language)]).verdict != "supported"


@pytest.mark.parametrize(
    ("language", "source", "claim"),
    [
        ("en", "A third of the 600 farms have no heir.", "200 of the 600 farms have no heir."),
        ("en", "The price doubled from 40 crowns.", "The price rose to 80 crowns from 40."),
        ("en", "Orders fell by a third from 600.", "Orders fell to 400 from 600."),
        ("de", "Ein Viertel der 600 Höfe ist leer.", "150 der 600 Höfe sind leer."),
        ("de", "Er ist 1,9 Meter groß.", "Er ist 190 Zentimeter groß."),
        ("de", "Der Lkw lud 2,5 Tonnen.", "Der Lkw lud 2.500 Kilogramm."),
        ("fr", "Un tiers des 600 fermes est vide.", "200 des 600 fermes sont vides."),
        ("es", "La mitad de las 600 granjas cerró.", "300 de las 600 granjas cerraron."),
    ],
)
def test_a_figure_given_by_a_share_a_multiple_or_another_unit_is_not_called_wrong(
    language: str, source: str, claim: str
) -> None:
    assert judge_claim(Claim(claim, language), [Passage(source, language)]).verdict == "unverified"


def test_a_figure_that_no_share_gives_stays_wrong() -> None:
    farms = Passage("A third of the 600 farms have no heir.")
    assert judge_claim(Claim("250 of the 600 farms have no heir."), [farms]).verdict != "unverified"
