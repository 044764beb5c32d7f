"""How much of the program one briefing enters: what a reader must hold to follow it."""

import sys
from types import CodeType, FrameType

from summarizer.api import brief
from tests.test_house import PACKAGE, ROOT

MOST_MODULES, MOST_CALLS_DEEP = 70, 30
"""What is measured today; the aim is 55 and 18. Labels of languages, orders in articles and
retractions brought a module each."""


def test_a_briefing_enters_few_modules_and_is_not_deep() -> None:
    """Its second run, since the first one also imports."""
    entered: dict[CodeType, bool] = {}
    depth = deepest = 0

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal depth, deepest
        if event not in {"call", "return"}:
            return
        code = frame.f_code
        if code not in entered:
            ours = code.co_filename.startswith(f"{PACKAGE}/")
            entered[code] = ours and not code.co_name.startswith("<")
        if entered[code]:
            depth += 1 if event == "call" else -1
            deepest = max(deepest, depth)

    brief([str(ROOT / "seeds")])
    sys.setprofile(watch)
    brief([str(ROOT / "seeds")])
    sys.setprofile(None)
    modules = {code.co_filename for code, ours in entered.items() if ours}
    assert len(modules) <= MOST_MODULES, sorted(modules)
    assert deepest <= MOST_CALLS_DEEP
