"""The adapters inside the real frameworks, each in an environment of its own."""

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from summarizer.adapters.scores import score_citations
from tests.more.environments import Environment, environment_with

pytestmark = pytest.mark.more

SOURCE = "A fire destroyed a depot in Bern on Monday. Nobody was hurt. It was built in 1967."
ANSWERS = (
    "Nobody was hurt [1]. Ten people died [1].",
    "Nobody was hurt [1].",
    "A depot in Bern was destroyed [1].",
)
"""Half of it faithful; faithful; and nothing that the checks can decide."""

COMMON = f"SOURCE, ANSWERS = {SOURCE!r}, {ANSWERS!r}\nimport json\n"

INSPECT_AI = """
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput
from inspect_ai.solver import solver
from summarizer.adapters.inspect_ai import cited_answer

@solver
def repeat():
    async def solve(state, generate):
        state.output = ModelOutput.from_content("none", state.input_text)
        return state
    return solve

samples = [Sample(input=answer, metadata={"sources": [SOURCE]}) for answer in ANSWERS]
task = Task(dataset=samples, solver=repeat(), scorer=cited_answer())
log = eval(task, model="none", display="none", log_dir="logs")[0]
assert log.status == "success", log.error
scores = [each.scores["cited_answer"].value for each in log.samples]
known = [{name: each for name, each in one.items() if each == each} for one in scores]
print(json.dumps(known))
"""

DEEPEVAL = """
from deepeval import evaluate
from deepeval.evaluate.configs import DisplayConfig
from deepeval.test_case import LLMTestCase
from summarizer.adapters.deepeval import deepeval_metric

cases = [
    LLMTestCase(input="?", actual_output=each, retrieval_context=[SOURCE]) for each in ANSWERS
]
metric = deepeval_metric(threshold=0.9)
results = []
for case in cases:
    metric.measure(case)
    results.append(dict(metric.score_breakdown))
    assert metric.skipped == (metric.score is None)
run = evaluate(cases, [deepeval_metric(threshold=0.9)])
by_answer = {each.actual_output: each.success for each in run.test_results}
assert [by_answer[each] for each in ANSWERS[:2]] == [False, True], by_answer
print()
print(json.dumps(results))
"""

DSPY = """
import dspy
from summarizer.adapters.dspy import dspy_metric

answers = iter(ANSWERS)

class Repeat(dspy.Module):
    def forward(self, question):
        return dspy.Prediction(answer=next(answers))

rows = [dspy.Example(question="?", context=[SOURCE]).with_inputs("question") for _ in ANSWERS]
metric = dspy_metric()
result = dspy.Evaluate(devset=rows, metric=metric, num_threads=1, display_progress=False)(Repeat())
assert all(each[2].feedback for each in result.results)
print(json.dumps([float(each[2]) for each in result.results]))
"""

LANGCHAIN = """
from langchain_core.documents import Document
from summarizer.adapters.scores import score_citations
result = {"context": [Document(page_content=SOURCE)]}
texts = [each.page_content for each in result["context"]]
print(json.dumps([score_citations(each, texts).named() for each in ANSWERS]))
"""

PROGRAMS = {
    "inspect-ai": INSPECT_AI,
    "deepeval": DEEPEVAL,
    "dspy": DSPY,
    "langchain-core": LANGCHAIN,
}


@pytest.fixture(scope="module")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """The core beside a framework; a framework that cannot be installed skips the test."""

    @cache
    def make(framework: str) -> Environment:
        made = environment_with(tmp_path_factory.mktemp(framework), wheel)
        if failure := made.install(framework):
            pytest.skip(f"{framework} cannot be installed: {failure.splitlines()[-1][:200]}")
        return made

    return make


@pytest.mark.parametrize("framework", PROGRAMS)
def test_the_framework_gets_the_scores_of_check(
    framework: str, install: Callable[[str], Environment], tmp_path: Path
) -> None:
    environment = install(framework)
    quiet = {"DEEPEVAL_TELEMETRY_OPT_OUT": "1", "DEEPEVAL_RESULTS_FOLDER": "results"}
    ran = environment.script(COMMON + PROGRAMS[framework], tmp_path, **quiet)
    assert ran.code == 0, ran.out[-2000:] + ran.err[-2000:]
    scores = json.loads(ran.out.strip().splitlines()[-1])
    expected = [score_citations(each, [SOURCE]) for each in ANSWERS]
    if framework == "dspy":
        assert scores == [each.faithful or 0.0 for each in expected]
    else:
        assert scores == [each.named() for each in expected]


def test_inspect_ai_scores_a_kept_log(
    install: Callable[[str], Environment], tmp_path: Path
) -> None:
    """By the entry point, which needs no import in the task."""
    environment = install("inspect-ai")
    assert environment.script(COMMON + PROGRAMS["inspect-ai"], tmp_path).code == 0
    log = next((tmp_path / "logs").iterdir())
    command = [str(environment.folder / "bin" / "inspect"), "score", str(log)]
    options = ["--scorer", "summarizer/cited_answer", "--action", "append", "--overwrite"]
    ran = environment.program([*command, *options], tmp_path)
    assert ran.code == 0, ran.out[-2000:] + ran.err[-2000:]


def test_promptfoo_grades_answers(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The real promptfoo, whose provider only repeats what the prompt says."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("promptfoo")
    environment = environment_with(folder / "python", wheel)
    try:
        added = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "promptfoo"],
            cwd=folder, capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip("promptfoo cannot be installed within 400 s")
    if added.returncode:
        pytest.skip(f"promptfoo cannot be installed: {added.stderr.strip()[-200:]}")
    (folder / "cited.py").write_text(
        "from summarizer.adapters.promptfoo import get_assert\n", encoding="utf-8"
    )
    config = {
        "prompts": ["{{answer}}"],
        "providers": ["echo"],
        "defaultTest": {"assert": [{"type": "python", "value": "file://cited.py"}]},
        "tests": [{"vars": {"answer": each, "sources": [[SOURCE]]}} for each in ANSWERS],
    }
    (folder / "promptfooconfig.json").write_text(json.dumps(config), encoding="utf-8")
    command = ["npx", "promptfoo", "eval", "-c", "promptfooconfig.json", "-o", "out.json"]
    variables = {
        "PROMPTFOO_PYTHON": str(environment.python),
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
        "PROMPTFOO_CONFIG_DIR": str(folder / "home"),
    }
    ran = environment.program(command, folder, **variables)
    assert (folder / "out.json").exists(), ran.out[-2000:] + ran.err[-2000:]
    rows = json.loads((folder / "out.json").read_text(encoding="utf-8"))["results"]["results"]
    by_answer = {each["vars"]["answer"]: each for each in rows}
    results = [by_answer[each]["success"] for each in ANSWERS]
    assert results == [False, True, True], [each["gradingResult"] for each in rows]
    reason = by_answer[ANSWERS[2]]["gradingResult"]["componentResults"][0]["reason"]
    assert reason.startswith("not scored: ")
