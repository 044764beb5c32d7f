"""Whether two quantities are one: across units, as a share, rounded where the claim says so."""

from math import isclose

from summarizer.text.numbers import Quantity

__all__ = ["equal"]

_SIZES = {
    "mm": ("m", 1e-3), "cm": ("m", 1e-2), "km": ("m", 1e3), "mile": ("m", 1609.344),
    "foot": ("m", 0.3048), "inch": ("m", 0.0254), "g": ("kg", 1e-3), "tonne": ("kg", 1e3),
    "lb": ("kg", 0.45359237), "pound": ("kg", 0.45359237), "hectare": ("km2", 1e-2),
    "m2": ("km2", 1e-6), "acre": ("km2", 4.0468564e-3), "square mile": ("km2", 2.589988),
    "mph": ("km/h", 1.609344), "second": ("hour", 1 / 3600), "minute": ("hour", 1 / 60),
    "day": ("hour", 24.0), "week": ("hour", 168.0), "month": ("year", 1 / 12),
    "decade": ("year", 10.0), "century": ("year", 100.0),
    "kW": ("MW", 1e-3), "GW": ("MW", 1e3), "kWh": ("MWh", 1e-3), "GWh": ("MWh", 1e3),
    "TWh": ("MWh", 1e6),
}  # fmt: skip
_IMPERIAL = {"mile", "foot", "inch", "lb", "pound", "acre", "square mile", "mph"}
_NEVER_BARE = {"%", "pp", "ordinal", "score", "times"}


def equal(claim: Quantity, source: Quantity) -> bool:
    """Whether the source's quantity carries the claim's.

    Rounding counts only where the claim says so ("about 5,000" for 4,987; "dozens" for 40). A bare
    count may rest on the same value with a unit; a share may be told as a fraction or in per cent.

    >>> from summarizer.text.numbers import quantities
    >>> about, exact = quantities("about 5,000 metres or 4,987 m")
    >>> equal(about, exact), equal(exact, about)
    (True, False)
    """
    factor, slack = _exchange(claim, source)
    if not factor:
        return False
    low, high = source.low * factor, source.high * factor
    if claim.unit == source.unit == "%" and claim.low * low < 0:
        low, high = abs(high), abs(low)
        claim = claim._replace(low=abs(claim.high), high=abs(claim.low))
    if claim.approx:
        slack = max(slack, _rounding(claim))
        if claim.low * (1 - slack) <= low and high <= claim.high * (1 + slack):
            return True
    slack = max(slack, 1e-9)
    return isclose(claim.low, low, rel_tol=slack) and isclose(claim.high, high, rel_tol=slack)


def _exchange(claim: Quantity, source: Quantity) -> tuple[float, float]:
    """What the source's value is multiplied by to stand in the claim's unit, and the tolerance."""
    ours, theirs = claim.unit, source.unit
    if (
        ours == theirs
        or (not ours and theirs not in _NEVER_BARE)
        or {ours, theirs} == {"pound", "GBP"}
    ):
        return 1.0, 0.0
    if {ours, theirs} == {"", "%"}:
        part = claim.high if ours == "" else source.high
        return (0.01 if ours == "" else 100.0, 0.011) if 0 < part < 1 else (0.0, 0.0)
    base, size = _SIZES.get(ours, (ours, 1.0))
    other, theirs_size = _SIZES.get(theirs, (theirs, 1.0))
    if base != other or not base:
        return 0.0, 0.0
    return theirs_size / size, 0.025 if (ours in _IMPERIAL) != (theirs in _IMPERIAL) else 0.0


def _rounding(claim: Quantity) -> float:
    """Half a unit of the last digit that the claim gives, relative to it; at most 5 %."""
    mantissa, exponent = f"{claim.high:.9e}".split("e")
    places = len(mantissa.strip("-").replace(".", "").rstrip("0")) - 1
    step = 10.0 ** (int(exponent) - places)
    return min(0.05, step / 2 / abs(claim.high)) if claim.high else 0.0
