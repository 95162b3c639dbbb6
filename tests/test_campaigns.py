"""Across repositories: the examples, run through the real all-repos, and as multi-gitter runs its scripts."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.process import BUG, CLEAN, FIXED, out, told, unchunk
from repository import ENVIRONMENT, git, repository

EXAMPLES = Path(__file__).parent.parent / "examples" / "campaigns"
PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "requests",\n]\n'
SILENCED = BUG.replace("loads(chunk)", "loads(chunk)  # noqa: UNC101")
BROKEN = "def f(:\n    json.loads(requests.get().iter_content())\n"


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@pytest.fixture
def remotes(tmp_path: Path) -> dict[str, Path]:
    """Repositories that others push to, each with another reason to be changed or left alone."""
    programs = {
        "buggy": BUG,
        "clean": CLEAN,
        "silenced": SILENCED,
        "broken": BROKEN,
        "other": "print('no json here')\n",
    }
    made: dict[str, Path] = {}
    for name, program in programs.items():
        work = repository(tmp_path / "work" / name, app_py=program)
        (work / "pyproject.toml").write_text(PYPROJECT)
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message=project")
        made[name] = tmp_path / "remotes" / f"{name}.git"
        git(tmp_path, "clone", "--quiet", "--bare", str(work), str(made[name]))
    return made


def campaign(tmp_path: Path, remotes: dict[str, Path], *arguments: str) -> str:
    """Clone with all-repos and run the example over the clones."""
    (tmp_path / "repos.json").write_text(json.dumps({name: str(path) for name, path in remotes.items()}))
    config = tmp_path / "all-repos.json"
    config.write_text(
        json.dumps(
            {
                "output_dir": "clones",
                "source": "all_repos.source.json_file",
                "source_settings": {"filename": str(tmp_path / "repos.json")},
                "push": "all_repos.push.merge_to_master",
                "push_settings": {},
            }
        )
    )
    config.chmod(0o600)
    environment = {**ENVIRONMENT, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    clone = [sys.executable, "-m", "all_repos.clone", "--config-filename", str(config)]
    subprocess.run(clone, env=environment, check=True, capture_output=True)
    run = [sys.executable, str(EXAMPLES / "all_repos_unchunk.py"), "--config-filename", str(config), *arguments]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


def campaign_tree(tmp_path: Path, remote: Path, commit: str) -> str:
    """Return the tree that `unchunk campaign` makes of a commit."""
    git(tmp_path, "clone", "--quiet", "--no-checkout", str(remote), "before")
    git(tmp_path / "before", "checkout", "--quiet", "--detach", commit.strip())
    unchunk(tmp_path, "campaign", "run", "before", "--ledger=ledger", env=ENVIRONMENT)
    unchunk(tmp_path, "campaign", "export", "ledger", "--patches=patches")
    git(tmp_path / "before", "am", "--quiet", *map(str, (tmp_path / "patches").iterdir()))
    return git(tmp_path / "before", "rev-parse", "HEAD^{tree}")


def pushed(remote: Path, name: str) -> str:
    return git(remote, "show", f"main:{name}")


@pytest.mark.skipif(not installed("all_repos"), reason="all-repos is not installed")
def test_all_repos_repairs_and_pushes_what_can_be_repaired_and_leaves_the_rest(
    tmp_path: Path, remotes: dict[str, Path]
) -> None:
    heads = {name: git(path, "rev-parse", "main") for name, path in remotes.items()}
    output = campaign(tmp_path, remotes)
    assert pushed(remotes["buggy"], "app.py") == FIXED
    assert '\n  "unchunk>=' in pushed(remotes["buggy"], "pyproject.toml")
    assert "Parse streamed JSON whole" in git(remotes["buggy"], "log", "--format=%B", "-2", "main")
    for name in ("clean", "silenced", "broken", "other"):
        assert git(remotes[name], "rev-parse", "main") == heads[name], name
    assert output.count("***Errored") == 1
    assert campaign_tree(tmp_path, remotes["buggy"], heads["buggy"]) == git(
        remotes["buggy"], "rev-parse", "main^{tree}"
    )
    assert "other" not in output
    again = campaign(tmp_path, remotes)
    assert "app.py: 1 fixed" not in again


@pytest.mark.skipif(not installed("all_repos"), reason="all-repos is not installed")
def test_a_dry_run_of_all_repos_shows_the_diff_and_pushes_nothing(tmp_path: Path, remotes: dict[str, Path]) -> None:
    output = campaign(tmp_path, remotes, "--dry-run")
    assert "+from unchunk import iter_json" in output
    assert pushed(remotes["buggy"], "app.py") == BUG


@pytest.mark.parametrize(
    ("name", "status", "changed"),
    [("buggy", 0, ["app.py", "pyproject.toml"]), ("clean", 0, []), ("silenced", 0, []), ("broken", 2, [])],
)
def test_multi_gitters_script_keeps_its_contract(
    tmp_path: Path, remotes: dict[str, Path], name: str, status: int, changed: list[str]
) -> None:
    """Run in a fresh clone: status 0 keeps what has changed, no change is no pull request, another status skips it."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(remotes[name]), str(clone))
    environment = {
        **ENVIRONMENT,
        "REPOSITORY": f"owner/{name}",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    script = EXAMPLES / "multi_gitter_unchunk.sh"
    assert os.access(script, os.X_OK)
    done = subprocess.run([script], cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert git(clone, "diff", "--name-only").split() == changed
    assert ("owner/broken" in done.stderr) is (name == "broken")


def test_multi_gitters_configuration_has_only_options_that_it_knows() -> None:
    yaml = pytest.importorskip("yaml")
    config = yaml.safe_load((EXAMPLES / "multi-gitter.yml").read_text())
    # https://github.com/lindell/multi-gitter, README, "run" options
    assert set(config) <= {
        "branch",
        "commit-message",
        "concurrent",
        "conflict-strategy",
        "max-reviewers",
        "pr-body",
        "pr-title",
    }
    assert config["conflict-strategy"] in ("skip", "replace")


def test_several_checkouts_at_once_each_by_their_own_rules_with_a_line_each(
    tmp_path: Path, remotes: dict[str, Path]
) -> None:
    names = sorted(remotes)
    for name, remote in remotes.items():
        git(tmp_path, "clone", "--quiet", str(remote), str(tmp_path / name))
    (tmp_path / "clean" / "app.py").write_text(BUG)
    (tmp_path / "clean" / "unchunk.toml").write_text('baseline = "known.json"\n')
    unchunk(tmp_path / "clean", "check", "--write-baseline=known.json", "app.py")
    (tmp_path / "other" / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "other" / "ignored.py").write_text(BUG)
    done = unchunk(tmp_path, "check", *names)
    assert done.returncode == 2
    assert [line.split(":")[0] for line in out(done).splitlines() if ":" in line] == ["buggy/app.py"]
    lines = [line for line in told(done) if not line.startswith("unchunk: ")]
    counts = {"buggy": "1 finding"}
    assert lines == [f"{name}: {counts.get(name, '0 findings')} in 1 file" for name in names]
    done = unchunk(tmp_path, "fix", *names)
    assert done.returncode == 2
    assert (tmp_path / "buggy" / "app.py").read_text() == FIXED
    assert (tmp_path / "clean" / "app.py").read_text() == BUG
    assert out(done).splitlines()[-1] == "buggy: 1 fixed in 1 file, 0 left"


def test_the_scripts_are_there_to_be_copied(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "multi_gitter_unchunk.sh", tmp_path)
    subprocess.run(["sh", "-n", tmp_path / "multi_gitter_unchunk.sh"], check=True)
