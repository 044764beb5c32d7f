"""Where sentences end: each case is a text with | at every end that a reader would see."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.text.sentences import split_sentences

SEEDS = Path(__file__).parents[2] / "seeds"

ENGLISH = [
    # abbreviations
    "The U.S. Army pulled out.| It gave no reason.",
    "The plant will stay in the U.S.| The other one closes.",
    "It was made in the U.S. [5].| The rest came by sea.",
    "Growth slowed.[5]| Prices rose.[6][7]| Wages did not.",
    "They met in Busan on Oct. 30 and parted as friends.| Nothing was signed.",
    "Both sides said they spoke on Jan. 17, days before the inauguration.| China agreed.",
    "He has been in office since Jan. 20.| His aides left.",
    "She lives at No. 5 in the same street.| It is a quiet place.",
    "The answer was no.| He left.",
    "Gen. Mark Milley testified.| Sen. Ann Lee, D-Ore., did not.",
    "Lt. Col. Amy Poe flew it.| Maj. Gen. Roy Hale watched.",
    "Ms. Palin was there.| Police had questioned Ms. Palin before.",
    "Const. Tim Dunn gave no name.| Atty. Gen. Rob Roe did.",
    "J. K. Rowling wrote it.| J.K. Rowling also signed it.",
    "George W. Bush spoke first.| Samuel L. Jackson was next.",
    "The ship docked at 9 a.m. Monday.| It left at 5 p.m.| Nobody saw it.",
    "Polls close at 8 p.m. EST.| Counting begins then.",
    "The vote ended at 8:40 p.m. Friday after a long debate.| All went home.",
    "The gates open at 7 a.m. Sept. 4 in both towns.| Tickets are free.",
    "Snow will reach the coast by 11:30 p.m. Eastern time.| Roads may close.",
    "He came at 9 p.m.| Police said nothing.",
    "The U.N.-E.U. talks failed.| The U.S.-U.K. pact holds.",
    "Diplomats met the U.S.-E.U. Trade Council.| J.-P. Moreau left at 9 a.m. Monday.",
    "She lives at No. 3 Elm Road.| Polls close at 8:40 p.m. Nov. 3 in Bern.",
    "She is the No. 3 seed.| They finished No. 3.| Then they left.",
    "Apple Inc. said it would appeal.| The fine goes to Acme Corp.| Both shares fell.",
    "Martin Luther King Jr. Day is a holiday.| Banks are shut.",
    "She holds a Ph.D. in physics.| Her brother has none.",
    "Some goods, e.g. soybeans, are exempt.| Steel is not, i.e. it is taxed.",
    "Fruit, nuts, etc. were sold out.| Bread was not.",
    "He was born in St. Louis.| She grew up near Mt. Hood.",
    "Roe v. Wade was overturned.| The court split.",
    "About approx. 300 people came.| Few stayed.",
    # numbers and marks
    "Rates rose 3.5 percent to 4.25.| Shares fell 1.2 points.",
    "It fell.| 20 people died.| 3.5 million fled.",
    "The site is bbc.com/news and works.| Try it.",
    "Write to press@acme.co.uk.| They answer.",
    "Really?!| No!!| Who knows?| He does.",
    "Who knows? he asked.",
    "Well... he left.| He said he would go...| The rest stayed.",
    "“It was… odd,” he said.| She nodded…| Then it rained.",
    "He worked at Yahoo! in the nineties.| Then he quit.",
    # quotations
    "“We like the deal.”| He said so twice.",
    '"We like the deal."| He said so twice.',
    "“We like the deal,” he said.| “It is fair.”",
    '"This is my desk," Lutnick said.| "He will decide."',
    "“Why now?” she asked.| Nobody knew.",
    'Asked about it he said “No.”| She said "Yes."| They left.',
    "‘We like the deal.’| It’s fair, and it’s Trump’s.| ’Tis done.",
    "She said 'I never saw it.'| The judge didn't believe her.",
    'The crowd shouted "Stop! Thief!" and ran.| He got away.',
    "“Lock her up! Lock her up!” they cried.| She smiled.",
    "“We have waited for this day for twenty years.| Nobody believed that it would come,” he said.",
    "“Our relationship is extremely strong!| It was a follow up.| He left.| She stayed.",
    'The pipe is 5" wide.| The other is 3" wide.| Both leak.| “Truly.”',
    'He feared life "without parole. "| He was convicted.',
    "It was, he wrote, a “triumph.”| (The play closed in May.)| He never returned.",
    "Then (he was the boss.) he left.| She stayed.",
    "The bill (see page 4) passed.| It is law (for now).| Wait.",
    # lost spaces and odd ones
    "It was “very strong.”|He said so.| That ended the deal.|The next one is open.",
    "It was agreed in Busan.\u00a0|It was signed in May.\u3000|It is void.",
    "He met J\u00a0. Roe\u2009.| They spoke.",
    "iPhone sales fell.| eBay grew.| iPhone prices rose.",
    # lists
    "- Trade Truce: The call follows a truce.| It holds.",
    "1. Talks go on.| 2. Tariffs stay.| 3. Nobody is happy.",
    "• Talks go on| • Tariffs stay.| They hurt.| • Nobody is happy",
    "★ The first thing happened.| The second followed.",
    "17 May • 3 min read",
]  # fmt: skip

ZH_QUOTATION = (
    "外交部周二表示：“我们愿意与各方继续保持密切沟通，妥善处理好所有有关的重要问题，"
    "并推动关系稳定发展。|我们准备好了，也希望各方共同努力，为世界和平与稳定作出贡献，"
    "并继续推动有关谈判取得进展。”|对方回应。"
)

OTHERS = [
    ("de", "Vier Menschen starben.| 230 verloren ihr Haus.| Am 3. Mai kam evtl. 3 Mal Hilfe."),
    ("ja", "4人が死亡した。|230人が家を失った。"),
    ("hi", "चार लोग मारे गए।| 230 लोग बेघर हुए।"),
    ("sk", "Zomreli štyria ľudia.| 230 ľudí prišlo o domov.| Bolo to 3. mája."),
    ("fi", "Neljä ihmistä kuoli.| 230 ihmistä menetti kotinsa 3. toukokuuta."),
    ("zh", "他说：“好。”|然后走了。|真的吗？！|是的！|「不。」|他走了。"),
    ("zh", ZH_QUOTATION),
    ("zh-TW", "他走了。|“我很好。”|她說。|（完。）|下一句。"),
    ("ja", "「行く。」と彼は言った。|本当？|はい。|（終わり。）|次。"),
    ("ko", '장관은 갔다.| 11.5% 올랐다.| "좋다."라고 말했다.| 끝.'),
    ("ar", "هل ذهب الوزير؟| نعم.| عاد مساء."),
    ("hi", "वह गया।| वह आया।| डॉ. सिंह बोले।"),
    ("th", "เขาไปที่บ้าน แล้วก็กลับมา"),
    ("uk", "Він жив на вул. Хрещатик і т.д.| Потім поїхав.| Музей ім. Шевченка зачинено."),
    ("uk", "Сума в 5 млн. грн. надійшла.| «Так. Ми за.»| Він пішов."),
    ("ru", "Он жил в г. Москве, на ул. Ленина, и т.д.| Потом уехал.| Осталось 5 млн. руб."),
    ("es", "El Sr. López viajó a EE.UU. el lunes.| ¿Qué pasó?| ¡Nada!| La Sra. Díaz calló."),
    ("de", "Das ist z.B. gut.| Dr. Müller kam am 3. Oktober.| Er blieb bis 2024.| Dann ging er."),
    ("de", "Der 2. Weltkrieg war vorbei.| „Wir gehen jetzt nach Hause.“| »Ja, gern.«| Sie blieb."),
    ("fr", "M. Macron a dit « Oui. »| Mme. Le Pen a dit non.| Le 3 oct. 2020, il partit."),
    ("no", "Møtet er kl. 10 i Oslo.| Det varer bl.a. til fredag."),
    ("und", "Він жив на вул. Хрещатик.| Потім поїхав.| Це добре, сказав він."),
]  # fmt: skip


def marked(text: str, language: str = "en") -> str:
    """``text`` with | at each sentence end that was found."""
    spans = split_sentences(text, language)
    ends = [span.end for span in spans[:-1]]
    return (
        "".join(text[a:b] + "|" for a, b in pairwise([0, *ends])) + text[ends[-1] if ends else 0 :]
    )


def as_found(case: str) -> str:
    """The case with each | directly behind the sentence that it ends, before any space."""
    pieces = case.split("|")
    text = "".join(pieces)
    ends, at = [], 0
    for piece in pieces[:-1]:
        at += len(piece)
        ends.append(len(text[:at].rstrip()))
    return (
        "".join(text[a:b] + "|" for a, b in pairwise([0, *ends])) + text[ends[-1] if ends else 0 :]
    )


@pytest.mark.parametrize("case", ENGLISH)
def test_english_news(case: str) -> None:
    assert marked(case.replace("|", "")) == as_found(case)


@pytest.mark.parametrize(("language", "case"), OTHERS)
def test_news_in_other_languages(language: str, case: str) -> None:
    assert marked(case.replace("|", ""), language) == as_found(case)


WRAPPED = """\
Rescuers searched through the night for survivors of the landslide that
buried part of the village on Tuesday, and officials said that President
Maria Silva would visit on Wednesday. More rain is expected in the
valley.

Background

The valley has seen three slides since 2019, according to the
geological survey, which had asked for a new warning system.
- Roads: all are closed until further notice
- Schools: open
"""


def test_a_hard_wrapped_paragraph_is_cut_at_its_sentences() -> None:
    found = [" ".join(WRAPPED[a:b].split()) for a, b in split_sentences(WRAPPED)]
    assert [sentence[:22] for sentence in found] == [
        "Rescuers searched thro",
        "More rain is expected ",
        "Background",
        "The valley has seen th",
        "- Roads: all are close",
        "- Schools: open",
    ]
    assert found[0].endswith("on Wednesday.")


def test_an_ellipsis_divides_a_korean_headline_and_ends_a_sentence_before_a_space() -> None:
    assert len(split_sentences("트램 충돌…승객 부상", "ko")) == 1
    assert len(split_sentences("그는 떠났다… 그리고 돌아왔다.", "ko")) == 2


def test_a_wrapped_chinese_paragraph_is_put_together() -> None:
    text = (
        "中国外交部发言人周二在例行记者会上表示中方愿意与美方保持\n"
        "密切沟通并妥善处理有关问题推动两国关系稳定发展。美方尚未\n"
        "作出回应。\n"
    )
    assert [text[a:b][-5:] for a, b in split_sentences(text)] == ["稳定发展。", "作出回应。"]


@pytest.mark.parametrize(
    "text",
    [
        "Details\nXi told Trump that the return is key.\nThe call was short.",
        "Xi also discussed the war, and President Xi\nThe ministry said so.\nIt gave no date.",
        "apples\nbananas and pears\ncherries",
        "A headline without a stop\n\nthe text begins in lower case here",
    ],
)
def test_a_line_is_a_paragraph_where_the_text_is_not_wrapped(text: str) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == [
        line for line in text.split("\n") if line
    ]


@pytest.mark.parametrize(
    ("name", "count", "start"),
    [
        ("000", 22, "Both countries intend to agree by the end of the month on the terms of"),
        ("001", 18, "Trump stated they were “in the process of doing it,” and that China would"),
        ("002", 22, "Prime Minister Sanae Takaichi said earlier this month that"),
        ("003", 17, "“Our relationship with China is extremely strong!"),
        ("004", 58, "Both sides said they spoke on Jan. 17, days before Trump's inauguration"),
    ],
)
def test_the_seeds(name: str, count: int, start: str) -> None:
    (path,) = SEEDS.glob(f"{name}_*")
    text = path.read_text(encoding="utf-8")
    sentences = [text[a:b] for a, b in split_sentences(text)]
    assert len(sentences) == count
    assert any(sentence.startswith(start) for sentence in sentences)


def check_cover(text: str, language: str) -> None:
    """The law: in order, trimmed, and every character that is no space lies in exactly one."""
    spans = split_sentences(text, language)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())


PIECES = (
    """He said the U.S. J. K. No. 5 a.m. 好 。 ！ 」 「 ” “ " ' ’ ( ) [5] . ... … ? « » • - é 😀"""
)
SPACES = [" ", "\n", "\r\n", "\n\n", "\u00a0", "\u2028", "\u3000", "\x1c", "\x85", "\ud800"]
NEWSLIKE = st.lists(st.sampled_from(PIECES.split()) | st.sampled_from(SPACES), max_size=60)


@given(
    NEWSLIKE.map("".join) | st.text(max_size=80),
    st.sampled_from(["en", "de", "uk", "ja", "fr", "und", "xx", ""]),
)
@example("U.S\u2028.", "en")
@example("I\u2009.№Ж", "sk")
def test_every_character_lies_in_exactly_one_sentence(text: str, language: str) -> None:
    check_cover(text, language)


HOSTILE = [
    ".",
    '"',
    "“",
    "U.S. ",
    "a",
    "好。",
    "[1]. ",
    "“a. ",
    "\n",
    " ",
    "• ",
    "(",
    ". » ",
    "[",
    "’",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_hostile_text(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    check_cover(text, "en")
    assert time.process_time() - started < 5


def test_a_sentence_longer_than_a_window_is_one() -> None:
    long = "The list " + "Of Names And Dates " * 400 + "ended."
    text = f"He read it. {long} She left."
    assert [text[a:b] for a, b in split_sentences(text)] == ["He read it.", long, "She left."]


def test_cyrillic_initials_stay_with_their_name() -> None:
    text = "Про це заявив міністр В. О. Коваленко на брифінгу. Він додав, що рішення ухвалять."
    assert [text[a:b] for a, b in split_sentences(text, "uk")] == [
        "Про це заявив міністр В. О. Коваленко на брифінгу.",
        "Він додав, що рішення ухвалять.",
    ]
