"""Element-wise nonlinearities σ of equation (10), each with its derivative σ′."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpkit.checks import check_choice


@dataclass(frozen=True)
class Activation:
    """A nonlinearity σ and its derivative.

    Attributes
    ----------
    name : str
        Its name in `ACTIVATIONS`.
    function : callable
        H = function(Z), of any shape and float dtype, applied element by element.
    derivative : callable
        derivative(Z, H) is σ′(Z). H = σ(Z) is passed as well: σ′ of tanh and of the
        sigmoid is then plain arithmetic, as the forward step has H already.
    needs_Z : bool
        Whether `derivative` looks at Z. Those of `ACTIVATIONS` don't: their σ′ follows from H, so
        that derivative(None, H) does, and backpropagation may forget Z.
    """

    name: str
    function: Callable
    derivative: Callable
    needs_Z: bool = True

    def __call__(self, Z):
        return self.function(Z)


def _relu(Z):
    return np.maximum(Z, 0)


def _relu_derivative(Z, H):
    # σ′(0) = 0, as in PyTorch; the kink has no derivative.
    return (H > 0).astype(H.dtype)  # H > 0 where Z > 0


def _tanh_derivative(Z, H):
    return 1 - H * H


def _sigmoid(Z):
    # 1 / (1 + exp(−Z)) as exp(−log(1 + exp(−Z))): no Z overflows it, and small values stay exact.
    return np.exp(-np.logaddexp(0, -Z))


def _sigmoid_derivative(Z, H):
    return H * (1 - H)


def _identity(Z):
    return Z


def _identity_derivative(Z, H):
    return np.ones_like(H)


relu = Activation("relu", _relu, _relu_derivative, needs_Z=False)
tanh = Activation("tanh", np.tanh, _tanh_derivative, needs_Z=False)
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_derivative, needs_Z=False)
identity = Activation("identity", _identity, _identity_derivative, needs_Z=False)

ACTIVATIONS = {activation.name: activation for activation in (relu, tanh, sigmoid, identity)}


def get_activation(activation):
    """Return an `Activation` by its name; an `Activation` is returned as it is.

    Parameters
    ----------
    activation : str or Activation
        "relu", "tanh", "sigmoid", "identity", or one of your own.

    Raises
    ------
    ValueError
        If the name is unknown.
    """
    if isinstance(activation, Activation):
        return activation
    return check_choice("activation", activation, ACTIVATIONS)
