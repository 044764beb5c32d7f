"""With each check switched off, a shipped case goes red: the matrix in the docs is true.

To renew it: ``python -m tests.evaluation.sabotage``.
"""

import pytest

from summarizer.evaluation.results import evaluate_case
from tests.evaluation.sabotage import OFF, documented, shipped

MATRIX = documented()


def test_the_matrix_has_every_check() -> None:
    assert list(MATRIX) == list(OFF)


@pytest.mark.parametrize("check", OFF)
def test_a_shipped_case_misses_the_check(check: str) -> None:
    named = MATRIX[check][:1]
    (case,) = (case for case in shipped() if [case.id] == named)
    assert evaluate_case(case).status == "passed"
    with OFF[check]():
        assert evaluate_case(case).status != "passed"
