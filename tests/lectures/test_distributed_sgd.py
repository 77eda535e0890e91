"""Data-parallel SGD is SGD: two real processes against one."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mlpkit.datasets import load_digits
from mlpkit.network import MLP
from mlpkit.training import sgd
from tests.tiers import few

pytestmark = [pytest.mark.frameworks, pytest.mark.slow]
LECTURES = Path(__file__).parents[2] / "lectures"
STEPS, BATCH = 8, 64


def torchrun(*options):
    pytest.importorskip("torch")
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"  # one machine: no network is needed
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return subprocess.run(
        [*command, "--nproc-per-node=2", "distributed_sgd.py", *options],
        cwd=LECTURES,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("sharded", few([True, False], 1))
def test_two_processes_end_where_one_process_on_the_joined_batch_ends(tmp_path, sharded):
    out = tmp_path / "parameters.npz"
    options = ("--out", str(out), f"--steps={STEPS}", f"--batch-size={BATCH}", "--seed=3")
    result = torchrun(*options, *(["--sharded"] if sharded else []))
    assert result.returncode == 0, result.stderr
    digits, rows = load_digits(), STEPS * BATCH
    start = MLP(64, 32, 10, seed=3)
    X, y = digits.X_train[:rows], digits.y_train[:rows]
    expected, _ = sgd(start, X, y, learning_rate=0.1, batch_size=BATCH, seed=3)
    with np.load(out) as found:
        assert found["everyone"].shape == (2, len(start.theta))
        assert np.ptp(found["everyone"], axis=0).max() == 0
        assert found["held"].tolist() == [len(start.theta) // (2 if sharded else 1)] * 2
        assert np.abs(found["theta"] - expected.theta).max() < 1e-10
    assert np.abs(expected.theta - start.theta).max() > 0.01  # there was something to learn


def test_a_batch_that_cannot_be_shared_equally_is_refused(monkeypatch):
    dist = pytest.importorskip("torch").distributed
    script = runpy.run_path(str(LECTURES / "distributed_sgd.py"))
    monkeypatch.setattr(dist, "init_process_group", lambda backend: None)
    monkeypatch.setattr(dist, "get_world_size", lambda: 2)
    monkeypatch.setattr(sys, "argv", ["distributed_sgd.py", "--out", "-", "--batch-size", "63"])
    with pytest.raises(SystemExit, match="--batch-size must be a multiple"):
        script["main"]()
