"""A sentence and its denial: neither carries the other, in any language whose negations are listed.

Each negation is written as running text writes it: accented, elided, inflected, in capitals, and
with its accents as combining characters.
"""

import unicodedata

import pytest

from summarizer.checking.alignment import denials, is_negation, split_clauses
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim
from summarizer.text.lexicon import words_of_all
from summarizer.text.tokens import folded_words

PAIRS: list[tuple[str, str, str]] = [
    # language, the statement, the same sentence denied
    (
        "en",
        "The council approved the budget on Monday.",
        "The council did not approve the budget on Monday.",
    ),
    ("en", "The council has approved the budget.", "The council has never approved the budget."),
    ("en", "The council could approve the budget.", "The council couldn’t approve the budget."),
    ("en", "The council can approve the budget.", "The council cannot approve the budget."),
    (
        "en",
        "Members of the council voted for the budget.",
        "None of the council voted for the budget.",
    ),
    (
        "en",
        "The minister left the meeting with an agreement.",
        "The minister left the meeting without an agreement.",
    ),
    (
        "es",
        "El ayuntamiento aprobó el presupuesto el lunes.",
        "El ayuntamiento no aprobó el presupuesto el lunes.",
    ),
    (
        "es",
        "El ayuntamiento aprobó el presupuesto.",
        "El ayuntamiento nunca aprobó el presupuesto.",
    ),
    (
        "es",
        "El ayuntamiento aprobó el presupuesto.",
        "El ayuntamiento jamás aprobó el presupuesto.",
    ),
    (
        "es",
        "El ministro presentó un presupuesto nuevo.",
        "El ministro presentó ningún presupuesto nuevo.",
    ),
    ("es", "Una comisión aprobó el presupuesto.", "Ninguna comisión aprobó el presupuesto."),
    (
        "es",
        "Un concejal aprobó el presupuesto.",
        "Ninguno de los concejales aprobó el presupuesto.",
    ),
    ("es", "Todos aprobaron el presupuesto nuevo.", "Nadie aprobó el presupuesto nuevo."),
    (
        "es",
        "El alcalde también aprobó el presupuesto.",
        "El alcalde tampoco aprobó el presupuesto.",
    ),
    (
        "es",
        "El ministro salió de la reunión con acuerdo.",
        "El ministro salió de la reunión sin acuerdo.",
    ),
    (
        "de",
        "Der Stadtrat hat den Haushalt am Montag beschlossen.",
        "Der Stadtrat hat den Haushalt am Montag nicht beschlossen.",
    ),
    (
        "de",
        "Ein Ausschuss hat den Haushalt beschlossen.",
        "Kein Ausschuss hat den Haushalt beschlossen.",
    ),
    (
        "de",
        "Eine Kommission hat den Haushalt beschlossen.",
        "Keine Kommission hat den Haushalt beschlossen.",
    ),
    (
        "de",
        "Der Stadtrat hat einen Haushalt beschlossen.",
        "Der Stadtrat hat keinen Haushalt beschlossen.",
    ),
    (
        "de",
        "Der Stadtrat hat einem Haushalt zugestimmt.",
        "Der Stadtrat hat keinem Haushalt zugestimmt.",
    ),
    (
        "de",
        "Einer der Räte hat den Haushalt beschlossen.",
        "Keiner der Räte hat den Haushalt beschlossen.",
    ),
    (
        "de",
        "Eines der Gremien hat den Haushalt beschlossen.",
        "Keines der Gremien hat den Haushalt beschlossen.",
    ),
    (
        "de",
        "Der Stadtrat hat den Haushalt beschlossen.",
        "Der Stadtrat hat den Haushalt nie beschlossen.",
    ),
    (
        "de",
        "Der Stadtrat hat den Haushalt beschlossen.",
        "Der Stadtrat hat den Haushalt niemals beschlossen.",
    ),
    ("de", "Jemand hat den Haushalt beschlossen.", "Niemand hat den Haushalt beschlossen."),
    (
        "de",
        "Der Minister verließ das Treffen mit Einigung.",
        "Der Minister verließ das Treffen ohne Einigung.",
    ),
    ("de", "Der Stadtrat stimmt dem Haushalt zu.", "Der Stadtrat stimmt dem Haushalt nicht zu."),
    ("de", "Der Stadtrat billigt den Haushalt.", "Der Stadtrat billigt den Haushalt nicht."),
    ("fr", "Le conseil approuve le budget.", "Le conseil n’approuve pas le budget."),
    ("fr", "Le conseil augmente les impôts.", "Le conseil n’augmente les impôts."),
    (
        "fr",
        "Le conseil a approuvé le budget lundi.",
        "Le conseil n’a pas approuvé le budget lundi.",
    ),
    ("fr", "Le conseil approuve le budget lundi.", "Le conseil ne approuve le budget lundi."),
    ("fr", "Le conseil a approuvé le budget.", "Le conseil n'a jamais approuvé le budget."),
    ("fr", "Le conseil a approuvé le budget.", "Le conseil n’a guère approuvé le budget."),
    ("fr", "Un élu a approuvé le budget.", "Aucun élu n’a approuvé le budget."),
    ("fr", "Une commission a approuvé le budget.", "Aucune commission n’a approuvé le budget."),
    (
        "fr",
        "Le ministre a quitté la réunion avec un accord.",
        "Le ministre a quitté la réunion sans un accord.",
    ),
    (
        "it",
        "Il consiglio ha approvato il bilancio lunedì.",
        "Il consiglio non ha approvato il bilancio lunedì.",
    ),
    ("it", "Il consiglio ha approvato il bilancio.", "Il consiglio mai ha approvato il bilancio."),
    (
        "it",
        "Un consigliere ha approvato il bilancio.",
        "Nessun consigliere ha approvato il bilancio.",
    ),
    (
        "it",
        "Una commissione ha approvato il bilancio.",
        "Nessuna commissione ha approvato il bilancio.",
    ),
    (
        "it",
        "Il ministro ha lasciato la riunione con accordo.",
        "Il ministro ha lasciato la riunione senza accordo.",
    ),
    (
        "pt",
        "A câmara aprovou o orçamento na segunda-feira.",
        "A câmara não aprovou o orçamento na segunda-feira.",
    ),
    ("pt", "A câmara aprovou o orçamento.", "A câmara nunca aprovou o orçamento."),
    ("pt", "A câmara aprovou o orçamento.", "A câmara jamais aprovou o orçamento."),
    ("pt", "A câmara aprovou o orçamento.", "Nem a câmara aprovou o orçamento."),
    ("pt", "Um vereador aprovou o orçamento.", "Nenhum vereador aprovou o orçamento."),
    ("pt", "Uma comissão aprovou o orçamento.", "Nenhuma comissão aprovou o orçamento."),
    ("pt", "Alguém aprovou o orçamento novo.", "Ninguém aprovou o orçamento novo."),
    ("pt", "O ministro deixou a reunião com acordo.", "O ministro deixou a reunião sem acordo."),
    (
        "nl",
        "De gemeenteraad heeft de begroting maandag goedgekeurd.",
        "De gemeenteraad heeft de begroting maandag niet goedgekeurd.",
    ),
    (
        "nl",
        "De gemeenteraad heeft een begroting goedgekeurd.",
        "De gemeenteraad heeft geen begroting goedgekeurd.",
    ),
    (
        "nl",
        "De gemeenteraad heeft de begroting goedgekeurd.",
        "De gemeenteraad heeft de begroting nooit goedgekeurd.",
    ),
    ("nl", "Iemand heeft de begroting goedgekeurd.", "Niemand heeft de begroting goedgekeurd."),
    (
        "nl",
        "De minister verliet de vergadering met akkoord.",
        "De minister verliet de vergadering zonder akkoord.",
    ),
    ("nl", "De raad keurt de begroting goed.", "De raad keurt de begroting niet goed."),
    ("nl", "De raad steunt de begroting.", "De raad steunt de begroting niet."),
    (
        "ru",
        "Городской совет утвердил бюджет в понедельник.",
        "Городской совет не утвердил бюджет в понедельник.",
    ),
    ("ru", "Ожидания депутатов совет оправдал.", "Ни ожидания депутатов совет оправдал."),
    ("ru", "Решения совета по бюджету есть.", "Решения совета по бюджету нет."),
    ("ru", "Совет принимал решение по бюджету.", "Совет никогда принимал решение по бюджету."),
    ("ru", "Каждый депутат утвердил бюджет.", "Никто из депутатов не утвердил бюджет."),
    ("ru", "Министр покинул встречу с соглашением.", "Министр покинул встречу без соглашения."),
    (
        "uk",
        "Міська рада затвердила бюджет у понеділок.",
        "Міська рада не затвердила бюджет у понеділок.",
    ),
    ("uk", "Депутат ради затвердив бюджет.", "Жоден депутат ради не затвердив бюджет."),
    ("uk", "Одна комісія затвердила бюджет.", "Жодна комісія не затвердила бюджет."),
    ("uk", "Рада ухвалила одне рішення.", "Рада ухвалила жодне рішення."),
    ("uk", "Рада ухвалила одного бюджету.", "Рада не ухвалила жодного бюджету."),
    ("uk", "Рішення ради щодо бюджету є.", "Рішення ради щодо бюджету немає."),
    ("uk", "Рада ухвалювала рішення щодо бюджету.", "Рада ніколи ухвалювала рішення щодо бюджету."),
    ("uk", "Міністр залишив зустріч з угодою.", "Міністр залишив зустріч без угоди."),
]


def spellings(text: str) -> list[str]:
    """A text composed, decomposed and in capitals."""
    return [text, unicodedata.normalize("NFD", text), text.upper()]


def verdict(claim: str, passage: str, language: str) -> str:
    """What the claim is worth on the passage."""
    return judge_claim(Claim(claim, language), [Passage(passage, language)]).verdict


@pytest.mark.parametrize(("language", "statement", "denial"), PAIRS)
def test_neither_carries_the_other(language: str, statement: str, denial: str) -> None:
    for here in spellings(statement):
        for there in spellings(denial):
            assert verdict(here, there, language) != "supported"
            assert verdict(there, here, language) != "supported"


@pytest.mark.parametrize(("language", "statement", "denial"), PAIRS)
def test_each_carries_itself(language: str, statement: str, denial: str) -> None:
    assert verdict(statement, statement, language) == "supported"
    assert verdict(denial, denial, language) == "supported"


@pytest.mark.parametrize("word", sorted(words_of_all("negations")))
def test_every_listed_word_denies_as_text_spells_it(word: str) -> None:
    for spelling in spellings(word):
        assert any(map(is_negation, folded_words(f"x {spelling} x")))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Le conseil ne peut pas approuver le budget.", 1),
        ("Le conseil n’a pas approuvé le budget.", 1),
        ("Никто не утвердил бюджет.", 1),
        ("A câmara não elegeu ninguém.", 1),
        ("It was not without problems.", 2),
        ("The council approved the budget.", 0),
    ],
)
def test_outside_english_several_negations_deny_once(text: str, count: int) -> None:
    assert denials(folded_words(text)) == count


def test_or_not_turns_nothing() -> None:
    (clause,) = split_clauses("Der Rat billigt den Plan oder nicht.", "de")
    assert not any(word.negated for word in clause.words)
