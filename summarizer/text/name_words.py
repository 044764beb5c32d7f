"""The words by which names are told from other capitals, and the one spelling of a name.

No gazetteer but the commonest countries and their adjectives.
"""

import re
from functools import lru_cache

from summarizer.text.tokens import fold

__all__ = ["COUNTRIES", "WORDS", "is_acronym", "normalize"]

_NATIONS = """
united states/us/usa/america/american/americans/сша; china/chinese; taiwan/taiwanese;
japan/japanese;
united kingdom/uk/britain/great britain/british/britons; russia/russian/russians; poland/polish;
ukraine/ukrainian/ukrainians; germany/german/germans; france/french; italy/italian; spain/spanish;
netherlands/dutch; belgium/belgian; switzerland/swiss; austria/austrian; sweden/swedish;
norway/norwegian; denmark/danish; finland/finnish; ireland/irish; portugal/portuguese;
greece/greek; turkey/turkish; hungary/hungarian; czechia/czech/czech republic; slovakia/slovak;
romania/romanian; bulgaria/bulgarian; serbia/serbian; belarus/belarusian; iran/iranian; iraq/iraqi;
israel/israeli/israelis; palestine/palestinian/palestinians; syria/syrian; lebanon/lebanese;
jordan/jordanian; saudi arabia/saudi/saudis; yemen/yemeni; egypt/egyptian; libya/libyan;
sudan/sudanese; ethiopia/ethiopian; kenya/kenyan; nigeria/nigerian; south africa/south african;
india/indian; pakistan/pakistani; afghanistan/afghan/afghans; bangladesh/bangladeshi;
myanmar/burma/burmese; thailand/thai; vietnam/vietnamese; philippines/philippine/filipino;
indonesia/indonesian; malaysia/malaysian; singapore/singaporean; south korea/south korean;
north korea/north korean; australia/australian; new zealand/new zealander; canada/canadian;
mexico/mexican; brazil/brazilian; argentina/argentine/argentinian; chile/chilean; cuba/cuban;
colombia/colombian; venezuela/venezuelan; peru/peruvian; kazakhstan/kazakh; georgia/georgian;
armenia/armenian; qatar/qatari; european union/eu/єс/ес; united nations/un/оон;
europe/european/europeans
"""
COUNTRIES = {
    form.strip(): country.split("/")[0].strip()
    for country in _NATIONS.split(";")
    for form in country.split("/")
}
"""A country, its acronyms and its people, normalized -> the country."""

_WORD_LISTS = """
title: president vice prime minister secretary chancellor king queen prince princess crown pope
 senator representative congressman congresswoman governor mayor ambassador general colonel captain
 lieutenant sergeant admiral judge justice chief executive officer ceo cfo chairman chairwoman chair
 director professor dr mr mrs ms sir sen rep gov gen lt col sgt capt prof rev former acting deputy
 leader premier commissioner speaker attorney spokesman spokeswoman spokesperson sheriff emperor
 президент міністр министр прем'єр канцлер presidente président präsident kanzler
portfolio: state treasury commerce defense defence foreign finance interior trade health energy
 home education agriculture transport transportation labor labour homeland security economy affairs
head: ministry department bank university institute council committee commission court agency
 administration bureau office association organization organisation union party center centers
 centre school college republic board authority service fund federation league army corps academy
 foundation chamber society house parliament assembly
outlet: times post news daily international herald tribune television tv radio 24 journal gazette
 telegraph observer independent mail express mirror chronicle globe standard today weekly magazine
place: north south east west new saint san los las united great cape lake mount fort port el
starter: about above according across additional after again all almost already also although amid
 among an and another any anybody anyone anything are around as asked at back based because before
 behind being below both but by can click clearly copyright could critics despite did do does
 during each earlier either even every everybody everyone everything experts few first finally
 five for four from further given had half has have having he her here his how however i if image
 in instead into is it its just last later less like lots many meanwhile more moreover most much
 my near nearly neither never nevertheless new next no nobody none nor not nothing now of off
 officials often on once one only or other others our out over part people perhaps photo police
 read reporting second several shares she should similarly since six so some somebody someone
 something sometimes soon still stocks such ten young old big than that the their them then there
 these they third this those though three through throughout thus to together two under unlike
 until up us use very video was we well were what whatever when where whereas whether which while
 who whose why will with within without would yes yet you your analysts major senior recent top
 key local former
"""
WORDS = {
    name: frozenset(words.split())
    for name, words in re.findall(r"^(\w+): ((?:.|\n )+)", _WORD_LISTS, flags=re.MULTILINE)
}
"""What a word can be in or beside a name -> such words, in lower case."""

_CASE_ENDING = re.compile(
    r"(?<=[\u0400-\u04ff]{3})(?:ого|ому|ові|ою|ом|ем|ем|им|ым|ий|ый|ой|[аеєиіїоуюяйьы])$"
)


def is_acronym(word: str) -> bool:
    """Whether all its letters are capitals, and it is more than one."""
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=1 << 16)
def normalize(text: str) -> str:
    """One spelling: no case, accents, periods, initials, or Cyrillic case endings."""
    words = [fold(word) for word in text.replace(".", "").replace("-", " ").split()]
    kept = [word for word in words if len(word) > 1] or words
    return " ".join(_CASE_ENDING.sub("", word) for word in kept)
