"""The benchmark runner: a failure is a row, and saved results do not identify the machine."""

import json
import platform
from pathlib import Path

import pytest

from benchmarks import __main__ as runner


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good and two failing benchmarks, in place of the package's own."""
    (tmp_path / "bench_good.py").write_text(
        "def rows(quick):\n    return [{'name': 'speed', 'goal': '>= 1', 'value': 2 - quick, 'ok':"
        " True}]\n"
    )
    (tmp_path / "bench_bad.py").write_text(
        "def rows(quick):\n    raise OSError('The disk is full.')\n"
    )
    (tmp_path / "bench_broken.py").write_text("import no_such_library\n")
    monkeypatch.setattr("benchmarks.__path__", [str(tmp_path)])
    monkeypatch.setattr(runner, "HERE", tmp_path)
    return tmp_path


def test_a_failing_benchmark_is_a_row_and_the_others_are_saved(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["benchmarks"])
    assert runner.main() == 1
    (saved,) = (folder / "results").glob("*.json")
    rows = json.loads(saved.read_text())["rows"]
    assert [(row["name"], row["ok"]) for row in rows] == [
        ("bad", False),
        ("broken", False),
        ("speed", True),
    ]
    assert "The disk is full." in rows[0]["value"]
    assert "no_such_library" in rows[1]["value"]
    assert rows[2] == {"name": "speed", "goal": ">= 1", "value": 2, "ok": True}
    assert "load average" in capsys.readouterr().out


def test_a_quick_look_at_one_benchmark_is_not_saved(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["benchmarks", "good", "--quick"])
    assert runner.main() == 0
    assert not (folder / "results").exists()
    assert "speed" in capsys.readouterr().out


def test_a_benchmark_that_does_not_exist_is_refused(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["benchmarks", "nothing"])
    with pytest.raises(SystemExit):
        runner.main()
    assert "there is no benchmark nothing" in capsys.readouterr().err


def test_the_machine_is_described_but_not_named():
    facts = runner.machine()
    assert set(facts) == {"cpu", "cores", "python", "torch", "load_average"}
    assert platform.node() not in json.dumps(facts)
