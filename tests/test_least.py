"""Steps down a loss: as low as SciPy's, and never up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from infoshare_text.training.least import Loss, least


def _regression(seed: int, n: int = 80, k: int = 30) -> Loss:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k)) * np.geomspace(0.1, 3, k)
    y = rng.random(n) < 1 / (1 + np.exp(-x[:, -1]))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = (np.logaddexp(0, z) - y * z).mean() + 0.005 * (w**2).sum()
        return float(value), x.T @ (1 / (1 + np.exp(-z)) - y) / n + 0.01 * w

    return loss


@settings(max_examples=20)
@given(st.integers(0, 200))
def test_a_regression_ends_where_scipy_ends(seed: int) -> None:
    loss = _regression(seed)
    theirs = minimize(loss, np.zeros(30), jac=True, method="L-BFGS-B", options={"ftol": 1e-9, "maxiter": 500})
    assert loss(least(loss, 30, 500))[0] == pytest.approx(theirs.fun, abs=2e-4)


@settings(max_examples=20)
@given(st.integers(0, 200), st.integers(1, 25))
def test_more_steps_never_raise_the_loss(seed: int, steps: int) -> None:
    loss = _regression(seed)
    assert loss(least(loss, 30, steps))[0] <= loss(least(loss, 30, steps - 1))[0]


def test_a_loss_that_bends_down_somewhere_is_no_trap() -> None:
    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(np.cos(x).sum() + 0.05 * ((x - 1) ** 2).sum()), -np.sin(x) + 0.1 * (x - 1)

    assert abs(loss(least(loss, 4, 200))[1]).max() < 1e-2


@pytest.mark.parametrize("size", [1, 3])
def test_what_is_level_stays_where_it_is(size: int) -> None:
    assert least(lambda x: (1.0, np.zeros_like(x)), size, 10).tolist() == [0] * size
