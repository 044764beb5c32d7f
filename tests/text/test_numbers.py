"""Quantities read into canonical form, and what is no quantity."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.text.numbers import Quantity, find_quantities, quantity_matches


def one(text: str) -> Quantity:
    """The only quantity of the text."""
    (found,) = find_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,000", [(5000, "")]),
        ("1.2 billion", [(1200000000.0, "")]),
        ("$1.2bn", [(1200000000.0, "USD")]),
        ("1,200 million dollars", [(1200000000.0, "USD")]),
        ("one hundred percent", [(100, "%")]),
        ("100 per cent", [(100, "%")]),
        ("100%", [(100, "%")]),
        ("a third of voters", [(0.3333333333333333, "")]),
        ("one third", [(0.3333333333333333, "")]),
        ("two-thirds", [(0.6666666666666666, "")]),
        ("2-3 %", [(2, 3, "%")]),
        ("between 3 and 5 people", [(3, 5, "")]),
        ("10-15 km", [(10, 15, "km")]),
        ("from 3 to 5", [(3, 5, "")]),
        ("rose from 3% to 5%", [(3, "%"), (5, "%")]),
        ("1.234,5 euros", [(1234.5, "EUR")]),
        ("1 234 567 people", [(1234567, "")]),
        ("a dozen eggs", [(12, "")]),
        ("two dozen", [(24, "")]),
        ("half a million", [(500000.0, "")]),
        ("half of them", [(0.5, "")]),
        ("a quarter of a million", [(250000, "")]),
        ("twenty-one dead", [(21, "")]),
        ("the first call", [(1, "ordinal")]),
        ("21st century", [(21, "ordinal")]),
        ("second quarter", [(2, "ordinal")]),
        ("5万人", [(50000.0, "")]),
        ("3億5000万円", [(350000000.0, "JPY")]),
        ("3억 5000만 달러", [(350000000.0, "USD")]),
        ("5 млн грн", [(5000000.0, "UAH")]),
        ("2,5 млрд рублей", [(2500000000.0, "RUB")]),
        ("500 millones de euros", [(500000000.0, "")]),
        ("3 Millionen", [(3000000.0, "")]),
        ("US$5 million", [(5000000.0, "USD")]),
        ("C$5", [(5, "CAD")]),
        ("5 billion yuan", [(5000000000.0, "CNY")]),
        ("0.5 percentage points", [(0.5, "pp")]),
        ("25 basis points", [(0.25, "pp")]),
        ("won 3-1", [(1, 3, "score")]),
        ("doscientas treinta y cinco casas", [(235, "")]),
        ("fünfunddreißig Tage", [(35, "day")]),
        ("quatre-vingt-dix jours", [(90, "day")]),
        ("veintitrés años", [(23, "year")]),
        ("сто двадцать пять человек", [(125, "")]),
        ("тринадцять людей", [(13, "")]),
        ("三十艘船", [(30, "")]),
        ("lost 1-3", [(1, 3, "score")]),
        ("-5°C", [(-5, "C")]),
        ("−0.3%", [(-0.3, "%")]),
        ("５００人", [(500, "")]),
        ("三百人", [(300, "")]),
        ("两国", [(2, "")]),
        ("90-day deal", [(90, "day")]),
        ("siete personas", [(7, "")]),
        ("п'ять людей", [(5, "")]),
        ("шесть человек", [(6, "")]),
        ("cinco años", [(5, "year")]),
        ("1. First thing", [(1, "ordinal")]),
        ("24 people", [(24, "")]),
        ("one person died", [(1, "")]),
        ("twice", [(2, "times")]),
        ("three times", [(3, "times")]),
        ("tens of thousands of people", [(10000.0, 100000.0, "")]),
        ("hundreds of millions of dollars", [(100000000.0, 1000000000.0, "USD")]),
        ("several hundred", [(200, 1000, "")]),
        ("1/2 cup", [(0.5, "")]),
        ("2 1/2 hours", [(2.5, "hour")]),
        ("2½ hours", [(2.5, "hour")]),
        ("one and a half million", [(1500000.0, "")]),
        ("two and a half years", [(2.5, "year")]),
        ("two or three people", [(2, 3, "")]),
        ("$3 to $5 billion", [(3000000000.0, 5000000000.0, "USD")]),
        ("$3-5 billion", [(3000000000.0, 5000000000.0, "USD")]),
        ("1,00,000 rupees", [(100000.0, "INR")]),
        ("one hundred and fifty thousand", [(150000, "")]),
        ("two thousand and twenty-five dead", [(2025, "")]),
        ("1500 soldiers", [(1500, "")]),
        ("2025 people", [(2025, "")]),
        ("1950 km", [(1950, "km")]),
        ("2020 million", [(2020e6, "")]),
        ("3개월", [(3, "month")]),
        ("5 million", [(5000000.0, "")]),
        ("2.1m jobs", [(2100000.0, "")]),
        ("a 5m wall", [(5, "m")]),
        ("£5m", [(5000000.0, "GBP")]),
        ("€3.5bn", [(3500000000.0, "EUR")]),
        ("120 km/h", [(120, "km/h")]),
        ("50 square kilometres", [(50, "km2")]),
        ("Trump, 78, said", [(78, "")]),
        ("the 25-year-old", [(25, "year")]),
        ("10,000 won", [(10000, "KRW")]),
        ("Trump won 312", [(312, "")]),
        ("USD 50", [(50, "USD")]),
        ("Rs 500 crore", [(5000000000.0, "INR")]),
        ("4987", [(4987, "")]),
        ("100% tariffs", [(100, "%")]),
        ("第三", [(3, "ordinal")]),
        ("No. 5", [(5, "ordinal")]),
        ("30-second clip", [(30, "second")]),
        ("three quarters", [(0.75, "")]),
        ("3:1", [(1, 3, "score")]),
        ("nine people", [(9, "")]),
        ("1,234,567.89", [(1234567.89, "")]),
        ("3.142", [(3.142, "")]),
        ("0,5 %", [(0.5, "%")]),
        ("20C", [(20, "C")]),
        ("5,000+ people", [(5000, "")]),
        ("40,000", [(40000, "")]),
        ("30%", [(30, "%")]),
        ("1 in 5", [(0.2, "")]),
        ("nine in ten patients", [(0.9, "")]),
        ("9 out of every 10 attacks", [(0.9, "")]),
        ("It cuts one sailor in five from each crew.", [(0.2, "")]),
        ("two goals in ten minutes", [(2, ""), (10, "minute")]),
        ("two in ten minutes", [(2, ""), (10, "minute")]),
        ("one person in three cars", [(1, ""), (3, "")]),
        ("The quince was ripe, and the sei whale was seen.", []),
        ("Hay quince personas en la casa.", [(15, "")]),
        ("2.000 Menschen", [(2.0, "")]),
        ("100 000 осіб", [(100000.0, "")]),
        ("二十一人", [(21, "")]),
        ("three hundred", [(300, "")]),
        ("seven-year", [(7, "year")]),
        ("8 million metric tons", [(8000000.0, "tonne")]),
        ("12 million metric tons of soybeans", [(12000000.0, "tonne")]),
        ("more than one-hour-long call", [(1, "hour")]),
        ("5k people", [(5000, "")]),
        ("2 million people", [(2000000.0, "")]),
        ("$100,000", [(100000.0, "USD")]),
        ("5,3 Prozent", [(5.3, "%")]),
        ("a 3-2 vote", [(2, 3, "score")]),
        ("50-year-old", [(50, "year")]),
        ("between 5 and 10 percent", [(5, 10, "%")]),
        ("between $5 and $10", [(5, 10, "USD")]),
        ("up 5 percent to 10", [(5, "%"), (10, "")]),
        ("一千二百万人", [(12000000.0, "")]),
        ("no. 1", [(1, "ordinal")]),
        ("¥5 trillion", [(5000000000000.0, "JPY")]),
        ("5 trillion won", [(5000000000000.0, "KRW")]),
        ("A$20 million", [(20000000.0, "AUD")]),
        ("1,5 million", [(1500000.0, "")]),
        ("1조 2000억 원", [(1.2e12, "KRW")]),
        ("5 hundred million", [(5e8, "")]),
        ("Patriots 24, Jets 17", [(24, ""), (17, "")]),
        ("0.25pp", [(0.25, "pp")]),
    ],
)
def test_quantities_are_read_into_canonical_form(
    text: str, expected: list[tuple[float | str, ...]]
) -> None:
    found = find_quantities(text)
    assert [quantity.unit for quantity in found] == [row[-1] for row in expected]
    assert [quantity.low for quantity in found] == pytest.approx([row[0] for row in expected])
    assert [quantity.high for quantity in found] == pytest.approx([row[-2] for row in expected])


@pytest.mark.parametrize(
    "text",
    [
        "On Nov 14, Trump",
        "14.11.2025",
        "at 11:07",
        "in 2025",
        "in 2020 won",
        "17.11.25, 16:36",
        "claim [5] and [1, 2]",
        "the G20",
        "an F-16 jet",
        "COVID-19",
        "Boeing 737 crashed",
        "World War II",
        "World War Two",
        "call +44 20 7946 0958 now",
        "see https://x.y/12?a=5",
        "mail a5@b7.com",
        "France 24 reported",
        "France 24",
        "no one came",
        "one of the",
        "one another",
        "the one",
        "2019-2021",
        "the 1990s",
        "2025年11月14日",
        "11월 24일",
        "14 листопада",
        "14 de mayo de 2024",
        "Taiwan17.11.25, 16:36 • [views_2880]",
        "9 p.m.",
        "2/11/2025",
        "9am",
        "Channel 4",
        "二月",
        "Second World War",
        "the first lady",
        "over 65s",
        "Group of Seven",
        "百分",
    ],
)
def test_dates_times_names_marks_and_pronouns_are_passed_over(text: str) -> None:
    assert find_quantities(text) == ()


def test_words_before_a_number_and_marks_behind_it_make_it_approximate() -> None:
    approximate = ["about 5", "nearly $5", "约5公里", "5,000+ people", "майже 5 км", "casi 5 km"]
    assert all(one(text).approx for text in approximate)
    assert not one("exactly 5").approx


def test_the_span_covers_the_sign_the_currency_and_the_unit() -> None:
    text = "It lost -$5.5 million, or 3 per cent, in 2024."
    assert [found.text for found in find_quantities(text)] == ["-$5.5 million", "3 per cent"]
    assert all(text[slice(*found.span)] == found.text for found in find_quantities(text))


def test_two_ends_of_a_movement_are_two_quantities() -> None:
    assert [found.low for found in find_quantities("It rose from 3 to 5.")] == [3, 5]
    assert [found.high for found in find_quantities("It takes from 3 to 5.")] == [5]


def test_a_comma_decimal_elsewhere_makes_a_point_group_thousands() -> None:
    assert [found.low for found in find_quantities("1.250 Euro, 3,5 Prozent")] == [1250, 3.5]
    assert one("pi is 3.142").low == 3.142


def test_only_one_letter_grows_when_lowered_so_offsets_hold() -> None:
    assert [char for char in map(chr, range(0x110000)) if len(char.lower()) != 1] == ["İ"]
    assert one("İİİ 5 km").text == "5 km"


@example("0$½")
@given(st.text(alphabet="0123456789 .,-–/$€%kmbnoetwhrd'\nA一三百万年½:", max_size=40))
@example("-1/2")
def test_spans_are_true_ordered_and_apart_in_any_text(text: str) -> None:
    end = 0
    for found in find_quantities(text):
        assert text[slice(*found.span)] == found.text
        assert end <= found.span.start < found.span.end
        assert found.low <= found.high
        end = found.span.end


@given(st.integers(0, 10**12), st.sampled_from([" km", "%", " people", " dollars"]))
def test_grouping_never_changes_a_value(number: int, unit: str) -> None:
    plain, grouped = one(f"${number}"), one(f"${number:,}")
    assert plain.low == number
    assert quantity_matches(plain, grouped)
    assert one(f"{number:,}{unit}").low == one(f"{number} km").low == number


@pytest.mark.parametrize(
    "hostile", ["1-" * 10_000, "11," * 20_000, "三百" * 30_000], ids=["score", "grouped", "numeral"]
)
def test_hostile_text_is_read_in_linear_time(hostile: str) -> None:
    started = time.process_time()
    find_quantities(hostile)
    assert time.process_time() - started < 3
