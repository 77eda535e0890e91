"""The multi-layer network (9) with backpropagation by (11) and (12).

With L = 1 it is the lecture's single-layer network: (6) with cross-entropy, (1) with the
squared error.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.checks import check_choice, check_matrix, check_positive_integer
from mlpkit.losses import CROSS_ENTROPY, get_loss, softmax


class Parameters:
    """θ = {W¹, b¹, …, W^{L+1}, b^{L+1}}, or a gradient in θ: one vector and views of it.

    Attributes
    ----------
    theta : numpy.ndarray of float, shape (P,)
        All numbers in one vector, so that an update is one line.
    W : list of numpy.ndarray
        W[ℓ-1] is W^ℓ, shape (out, in); W[L] is C of (6).
    b : list of numpy.ndarray
        b[ℓ-1] is b^ℓ, shape (out,).
    """

    def __init__(self, theta, widths):
        self.theta, self.widths = theta, tuple(widths)
        self.W, self.b = [], []
        start = 0
        for fan_in, fan_out in itertools.pairwise(widths):
            end = start + fan_out * fan_in
            self.W.append(theta[start:end].reshape(fan_out, fan_in))
            self.b.append(theta[end : end + fan_out])
            start = end + fan_out

    def empty_like(self):
        """Return parameters of the same shapes whose numbers are not yet set."""
        # Numbers that start on a cache line (64 bytes) are updated in a third of the time.
        size, itemsize = self.theta.size, self.theta.itemsize
        space = np.empty_like(self.theta, shape=size + 64 // itemsize)
        start = -space.ctypes.data % 64 // itemsize
        return Parameters(space[start : start + size], self.widths)


@dataclass
class Activity:
    """What the forward step leaves behind for the backward step.

    Attributes
    ----------
    Z, H : list of numpy.ndarray of float, shape (N, d_H)
        Z[ℓ-1] is Z^ℓ and H[ℓ-1] is H^ℓ.
    U : numpy.ndarray of float, shape (N, K)
        Scores, before any softmax.
    """

    Z: list
    H: list
    U: np.ndarray


class MLP:
    """A fully connected network with L hidden layers of d_H units each, equation (9).

    Parameters
    ----------
    d, d_H, K : int
        Number of inputs, of units in each hidden layer, of outputs.
    L : int
        Number of hidden layers, at least 1.
    activation : str or Activation
        σ: "relu", "tanh", "sigmoid", "identity" or one of your own.
    loss : str
        ρ: "cross_entropy" (7) of softmax(U), or "squared_error" (2) of U itself.
    scale : str
        The standard deviation of the initial weights: "he" is √(2/fan_in), "xavier" is
        √(2/(fan_in + fan_out)), "lecun" is √(1/fan_in). Biases start at 0.
    seed : int or numpy.random.Generator
        Where the initial weights come from.
    dtype : numpy dtype
        float64, or float32 where speed is the point.

    Raises
    ------
    ValueError
        If a size is no integer >= 1, or a name or dtype is unknown.
    """

    def __init__(
        self,
        d,
        d_H,
        K,
        L=1,
        *,
        activation="relu",
        loss="cross_entropy",
        scale="he",
        seed=0,
        dtype=np.float64,
    ):
        sizes = {"d": d, "d_H": d_H, "K": K, "L": L}
        self.d, self.d_H, self.K, self.L = (
            check_positive_integer(name, size) for name, size in sizes.items()
        )
        self.activation, self.loss = get_activation(activation), get_loss(loss)
        if np.dtype(dtype).kind != "f":
            raise ValueError(f"dtype must be a float type, got {dtype!r}")
        widths = [self.d] + [self.d_H] * self.L + [self.K]
        self.parameters = Parameters(_initial(widths, scale, seed).astype(dtype), widths)

    @property
    def theta(self):
        """All parameters as one vector, shape (P,)."""
        return self.parameters.theta

    @property
    def W(self):
        """The weights: W[ℓ-1] is W^ℓ, shape (out, in)."""
        return self.parameters.W

    @property
    def b(self):
        """The biases: b[ℓ-1] is b^ℓ, shape (out,)."""
        return self.parameters.b

    def with_theta(self, theta):
        """Return the same network at other parameters.

        Parameters
        ----------
        theta : numpy.ndarray of float, shape (P,)
            Used as it is, not copied.

        Raises
        ------
        ValueError
            If it has another shape.
        """
        if np.shape(theta) != self.theta.shape:
            raise ValueError(f"theta must have shape {self.theta.shape}, got {np.shape(theta)}")
        other = object.__new__(MLP)
        other.__dict__.update(self.__dict__)
        other.parameters = Parameters(theta, self.parameters.widths)
        return other

    def check_batch(self, X, y=None):
        """Return (X, y) as arrays of the network's dtype, or raise ValueError.

        Parameters
        ----------
        X : array_like of float, shape (N, d)
            One sample a row.
        y : array_like, shape (N,) of int, or (N, K) of float for the squared error
            Labels or targets; None is passed through.
        """
        X = check_matrix("X", X, self.d).astype(self.theta.dtype, copy=False)
        if y is not None:
            y = self.loss.check(y, (len(X), self.K))
            y = y if y.dtype.kind in "ui" else y.astype(self.theta.dtype, copy=False)
        return X, y

    def forward(self, X):
        """Compute Z¹, H¹, …, Z^L, H^L, U of equation (9) for a batch of rows.

        Parameters
        ----------
        X : array_like of float, shape (N, d)
            One sample a row.

        Returns
        -------
        Activity
            Z and H of every layer, and the scores U.

        Raises
        ------
        ValueError
            If X is no finite matrix of d columns.
        """
        return self._forward(self.check_batch(X)[0])

    def _forward(self, X):
        Z, H = [], []
        for W, b in zip(self.W[:-1], self.b, strict=False):
            Z.append((H[-1] if H else X) @ W.T)
            Z[-1] += b
            H.append(self.activation(Z[-1]))
        U = H[-1] @ self.W[-1].T
        U += self.b[-1]
        return Activity(Z, H, U)

    def value(self, X, y):
        """Return the mean loss over the batch, a float; arguments are those of `gradients`."""
        X, y = self.check_batch(X, y)
        return self.loss.value_and_gradient(self._forward(X).U, y)[0]

    def gradients(self, X, y):
        """Differentiate the mean loss over the batch by backpropagation, (11) and (12).

        Parameters
        ----------
        X : array_like of float, shape (N, d)
            One sample a row.
        y : array_like, shape (N,) of int, or (N, K) of float for the squared error
            Labels in 0, …, K − 1, or targets.

        Returns
        -------
        float, Parameters
            The loss, and its gradient in each W^ℓ and b^ℓ.

        Raises
        ------
        ValueError
            If X or y has a wrong shape, is not finite, or a label is out of range.
        """
        return self._gradients(*self.check_batch(X, y), self.parameters.empty_like())

    def _gradients(self, X, y, gradient):
        activity = self._forward(X)
        rho, dZ = self.loss.value_and_gradient(activity.U, y)  # ∂ρ/∂U, (11)
        self._backward(dZ, range(self.L, -1, -1), X, activity.Z, activity.H, gradient)
        return rho, gradient

    def _backward(self, dZ, layers, X, Z, H, gradient):
        # Z and H by index ℓ − 1, a list or a dict: recomputation has not all at once.
        for layer in layers:
            below = H[layer - 1] if layer else X
            # ∂ρ/∂W, (8). np.dot, as np.matmul is ten times slower where N = 1.
            np.dot(dZ.T, below, out=gradient.W[layer])
            np.add.reduce(dZ, axis=0, out=gradient.b[layer])
            if layer:
                delta = dZ @ self.W[layer]  # δ = ∂ρ/∂H, (12)
                sigma_prime = self.activation.derivative(Z[layer - 1], below)
                dZ = np.multiply(delta, sigma_prime, out=delta)  # δ ⊙ σ′(Z)
        return dZ

    def probabilities(self, X):
        """Return f(X; θ) = F_softmax(U), shape (N, K), of a network with cross-entropy."""
        if self.loss is not CROSS_ENTROPY:
            raise ValueError(f"loss must be cross_entropy for probabilities, got {self.loss.name}")
        return softmax(self.forward(X).U)

    def predict(self, X):
        """Return the class of the highest score of each row, int of shape (N,)."""
        return self.forward(X).U.argmax(axis=1)


SCALES = {
    "he": lambda fan_in, fan_out: np.sqrt(2 / fan_in),
    "xavier": lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
    "lecun": lambda fan_in, fan_out: np.sqrt(1 / fan_in),
}


def _initial(widths, scale, seed):
    deviation = check_choice("scale", scale, SCALES)
    rng = np.random.default_rng(seed)
    parts = []
    for fan_in, fan_out in itertools.pairwise(widths):
        parts.append(deviation(fan_in, fan_out) * rng.standard_normal(fan_out * fan_in))
        parts.append(np.zeros(fan_out))
    return np.concatenate(parts)
