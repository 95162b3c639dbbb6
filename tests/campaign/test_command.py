"""`unchunk campaign` as people run it: over several repositories, killed and resumed, pushed, reported."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path

import pytest

from campaign.test_repository import LEFT, PYPROJECT, commit
from cli.process import BUG, CLEAN, FIXED
from repository import ENVIRONMENT, git, repository
from unchunk.campaign import driver, isolation
from unchunk.campaign.executors import Workplace
from unchunk.campaign.ledger import Ledger, Writer
from unchunk.campaign.record import Limits, Settings, State, Task

Act = Callable[..., tuple[int, str, str]]
LEDGER = "unchunk-campaign.sqlite"
QUERIES = (
    "SELECT name, state, error_kind, error, base, commit_id, patch, changes, notes FROM repositories ORDER BY id",
    "SELECT * FROM findings",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Remotes and clones of them, each with another reason to be changed or left alone."""
    programs = {"buggy": BUG, "clean": CLEAN, "left": LEFT, "partly": f"{BUG}\n\n{LEFT}"}
    for name, program in programs.items():
        top = repository(tmp_path / "work" / name, app_py=program)
        (top / "pyproject.toml").write_text(PYPROJECT)
        (top / "uv.lock").write_text("")
        commit(top)
        git(tmp_path, "clone", "--quiet", "--bare", str(top), f"remotes/{name}.git")
        git(tmp_path, "clone", "--quiet", str(tmp_path / "remotes" / f"{name}.git"), f"root/{name}")
    git(tmp_path, "init", "--quiet", "root/empty")
    return tmp_path / "root"


def contents(ledger: str | Path) -> list[object]:
    database = sqlite3.connect(ledger)
    found = [database.execute(query).fetchall() for query in QUERIES]
    database.close()
    return found


def states(ledger: str | Path = LEDGER) -> dict[str, str]:
    with Ledger(str(ledger)) as opened:
        return {Path(row.name).name: row.record.state.value for row in opened.rows()}


EXPECTED = {
    "buggy": "fixed",
    "clean": "clean",
    "empty": "empty",
    "left": "not-fixed",
    "partly": "partly-fixed",
}


def test_a_campaign_from_its_begin_to_its_end(root: Path, tmp_path: Path, campaign: Act) -> None:
    status, output, _ = campaign("run", "--root", root)
    assert (status, states()) == (0, EXPECTED)
    assert "1 partly-fixed" in output
    before = contents(LEDGER)
    assert campaign("run", "--root", root)[0] == 0
    assert contents(LEDGER) == before
    assert campaign("status")[0] == 0
    assert json.loads(campaign("status", "--output-format=json")[1])["states"]["clean"] == 1
    shown = campaign("show", "buggy")[1]
    assert "UNC101 fixed" in shown
    assert "+from unchunk import iter_json" in shown
    assert campaign("pr-text", "buggy", "--title")[1] == "Parse streamed JSON whole, however the stream is cut\n"
    text = campaign("pr-text", "partly")[1]
    for part in ("## What changed", "## What behaves differently", "## Left for a person", "`uv lock`", "UNC101"):
        assert part in text
    exported = [json.loads(line) for line in campaign("export")[1].splitlines()]
    assert {Path(one["name"]).name: one["state"] for one in exported} == EXPECTED
    campaign("export", "--patches", "patches")
    assert len(list(Path("patches").iterdir())) == 2
    assert "| fixed | 1 |" in campaign("report")[1]
    assert json.loads(campaign("report", "--output-format=json")[1])["repositories"] == 5
    assert campaign("push", "--dry-run")[0] == 0
    assert "unchunk" not in git(tmp_path / "remotes" / "buggy.git", "branch")
    status, output, _ = campaign("push", LEDGER)
    assert (status, output.count("pushed")) == (0, 2)
    remote = tmp_path / "remotes" / "buggy.git"
    assert git(remote, "show", "unchunk:app.py") == FIXED
    with Ledger(LEDGER) as ledger:
        assert git(remote, "rev-parse", "unchunk").strip() == ledger.find("buggy").record.commit
    assert campaign("push")[1].count("up-to-date") == 2
    assert git(root / "buggy", "status", "--porcelain", "--branch").splitlines() == ["## main...origin/main"]


def test_a_branch_of_others_and_a_remote_that_moved_are_left_alone(root: Path, tmp_path: Path, campaign: Act) -> None:
    campaign("run", root / "buggy", root / "partly")
    git(root / "buggy", "commit", "--quiet", "--allow-empty", "--message=theirs")
    git(root / "buggy", "push", "--quiet", "origin", "HEAD:unchunk")
    theirs = git(tmp_path / "remotes" / "buggy.git", "rev-parse", "unchunk")
    (root / "partly" / "app.py").write_text(CLEAN)
    commit(root / "partly")
    git(root / "partly", "push", "--quiet")
    status, output, _ = campaign("push")
    assert status == 1
    assert "buggy: unchunk failed" in output
    assert "partly: unchunk conflict" in output
    assert git(tmp_path / "remotes" / "buggy.git", "rev-parse", "unchunk") == theirs


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "--root", "nowhere"),
        ("run", "--repos-file", "nowhere"),
        ("status",),
        ("show",),
        ("show", "a", "b"),
        ("pr-text", "clean"),
        ("push", "clean"),
        ("fly",),
        (),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(words: tuple[str, ...], root: Path, campaign: Act) -> None:
    if "clean" in words:
        campaign("run", root / "clean")
    status, output, told = campaign(*words)
    assert (status, output, told.count("\n")) == (2, "", 1)


def test_other_settings_want_another_ledger(root: Path, campaign: Act) -> None:
    assert campaign("run", root / "clean", "--message", "One")[0] == 0
    assert campaign("run", root / "clean", "--message", "One")[0] == 0
    assert campaign("run", root / "clean")[0] == 0
    status, _, told = campaign("run", root / "clean", "--message", "Two")
    assert status == 2
    assert "other settings" in told


def test_a_second_run_is_refused_with_the_first_ones_process(root: Path, campaign: Act) -> None:
    with Writer(LEDGER, Settings(author="A <a@b>")):
        status, _, told = campaign("run", root / "clean")
    assert status == 2
    assert f"process {os.getpid()} on " in told


def test_failed_ones_are_tried_again_when_asked(root: Path, tmp_path: Path, campaign: Act) -> None:
    (tmp_path / "repos.txt").write_text(f"# mine\n\nlater\n{root}/clean\n")
    assert campaign("run", "--repos-file", "repos.txt")[0] == 1
    (root / "buggy").rename(tmp_path / "later")
    assert campaign("run")[0] == 1
    assert campaign("run", "--retry", "failed")[0] == 0
    assert states() == {"later": "fixed", "clean": "clean"}


@pytest.mark.parametrize("hit", ["driver", "worker", "both"])
def test_a_killed_run_goes_on_where_it_was(root: Path, tmp_path: Path, campaign: Act, hit: str) -> None:
    campaign("run", "--root", root, "--ledger", "whole")
    command = [sys.executable, "-m", "unchunk", "campaign", "run", f"--root={root}", "--ledger=killed", "--jobs=1"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while not any(b"unchunk.campaign.worker" in line for line in map(command_line, children(process.pid))):
        assert process.poll() is None
        time.sleep(0.01)
    workers = children(process.pid)
    for pid in (*(workers if hit != "driver" else ()), *((process.pid,) if hit != "worker" else ())):
        os.kill(pid, signal.SIGKILL)
    process.wait()
    assert campaign("run", "--root", root, "--ledger", "killed")[0] == 0
    assert contents("killed") == contents("whole")
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() and command_line(pid) for pid in workers))


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    if not path.exists():
        pytest.skip("only Linux tells the children of a process")
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text().split()]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_any_executor_will_do(root: Path, campaign: Act) -> None:
    campaign("run", "--root", root, "--ledger", "whole")
    with Writer("other", Ledger("whole").settings) as ledger, ProcessPoolExecutor(1) as executor:
        ledger.add(str(folder) for folder in sorted(root.iterdir()))
        assert len(list(driver.run(ledger, Workplace(executor, lambda: 1), Limits()))) == 5
    assert contents("other") == contents("whole")


class _Counting(Executor):
    """Notes how many tasks it was given that were not done yet."""

    def __init__(self) -> None:
        self.most = self.waiting = 0

    def submit(self, function, /, *arguments):  # type: ignore[no-untyped-def]
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future: Future[object] = Future()
        future.set_result(function(*arguments))
        future.add_done_callback(lambda _: None)
        return future


def test_no_more_is_handed_out_than_is_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unchunk.campaign.record import Record

    monkeypatch.setattr(driver, "done_apart", lambda task: Record(State.CLEAN))
    executor = _Counting()
    with Writer("l", Settings()) as ledger:
        ledger.add(f"/r{number}" for number in range(1000))
        count = 0
        for _ in driver.run(ledger, Workplace(executor, lambda: 3), Limits()):
            executor.waiting -= 1
            count += 1
        assert ledger.counts() == {State.CLEAN: 1000}
    assert (count, executor.most) == (1000, 6)


@pytest.mark.parametrize(
    ("verify", "limits", "kind"),
    [
        ("sleep 60", Limits(seconds=3), "timeout"),
        ("sh -c 'kill -9 $PPID'", Limits(), "crash"),
        ("python3 -c \"'x' * 10**9\"", Limits(megabytes=400), "not-verified"),
    ],
)
def test_what_takes_too_much_is_a_record(root: Path, verify: str, limits: Limits, kind: str) -> None:
    settings = Settings(author="A <a@b>", verify=verify)
    record = isolation.done_apart(Task(str(root / "buggy"), settings, limits))
    assert (record.state, record.error_kind) == (State.FAILED, kind)
    assert isolation.done_apart(Task(str(root / "clean"), settings, limits)).state is State.CLEAN


def test_no_space_is_a_record(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no device that is always full")
    from unchunk.campaign import checkout
    from unchunk.campaign.repository import process

    def full(self: object) -> None:
        with open("/dev/full", "w") as file:
            file.write("x")

    monkeypatch.setattr(checkout.Checkout, "_overrule_attributes", full)
    (tmp_path / "scratch").mkdir()
    record = process(Task(str(root / "buggy"), Settings(author="A <a@b>")), str(tmp_path / "scratch"))
    assert (record.state, record.error_kind) == (State.FAILED, "no-space")


def test_a_cluster_does_the_same_even_if_a_worker_is_killed(root: Path, campaign: Act) -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    campaign("run", "--root", root, "--ledger", "whole")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        command = [sys.executable, "-m", "unchunk", "campaign", "run", f"--root={root}", "--ledger=far", "-q"]
        process = subprocess.Popen([*command, f"--scheduler={cluster.scheduler_address}"])
        wait_for(lambda: process.poll() is not None or os.path.exists("far-wal"))
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        assert process.wait(60) == 0
    assert contents("far") == contents("whole")


def test_no_scheduler_is_told(root: Path, campaign: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed")
    monkeypatch.setattr("unchunk.campaign.executors._CONNECT", 0.5)
    status, _, told = campaign("run", root / "clean", "--scheduler", "tcp://127.0.0.1:9")
    assert status == 2
    assert "no scheduler answers" in told


def test_other_engines_make_the_same_trees(root: Path, tmp_path: Path, campaign: Act) -> None:
    """As multi-gitter runs its script, and as all-repos runs its fixer: `fix` in a clone, and all that changed."""
    campaign("run", root / "partly")
    with Ledger(LEDGER) as ledger:
        made = ledger.find("partly").record
    git(tmp_path, "clone", "--quiet", str(tmp_path / "remotes" / "partly.git"), "clone")
    script = Path(__file__).parent.parent.parent / "examples" / "campaigns" / "multi_gitter_unchunk.sh"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([script], cwd="clone", env={**os.environ, "PATH": path}, check=True, capture_output=True)
    commit(tmp_path / "clone")
    tree = git(tmp_path / "clone", "rev-parse", "HEAD^{tree}").strip()
    subprocess.run(["git", "am", "--quiet"], cwd=root / "partly", input=made.patch, env=ENVIRONMENT, check=True)
    assert git(root / "partly", "rev-parse", "HEAD^{tree}").strip() == tree
