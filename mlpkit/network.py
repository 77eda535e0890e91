"""The multi-layer network (9) with backpropagation by (11) and (12).

With L = 1 it is the lecture's single-layer network: (6) with cross-entropy, (1) with the
squared error.
"""

from dataclasses import dataclass

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.checks import check_matrix, check_positive_integer
from mlpkit.losses import CROSS_ENTROPY, get_loss, softmax
from mlpkit.parameters import Parameters, initial_theta


@dataclass
class Activity:
    """What the forward step leaves behind for the backward step.

    Attributes
    ----------
    Z, H : list of numpy.ndarray of float, shape (N, d_H)
        Z[ℓ-1] is Z^ℓ and H[ℓ-1] is H^ℓ; each Z is None where only H was kept.
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
        self.parameters = Parameters(initial_theta(widths, scale, seed).astype(dtype), widths)

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

    def layer_forward(self, layer, below):
        """Take one layer forward, equation (9) for a batch of rows.

        Parameters
        ----------
        layer : int
            ℓ − 1: 0 is the first hidden layer, L is the output layer.
        below : numpy.ndarray of float, shape (N, fan_in)
            H^{ℓ−1}, or X in the first layer.

        Returns
        -------
        numpy.ndarray of float, shape (N, fan_out)
            Z^ℓ, or the scores U of the output layer. H^ℓ is `activation(Z)`.
        """
        Z = below @ self.W[layer].T
        Z += self.b[layer]
        return Z

    def layer_backward(self, layer, dZ, below, gradient):
        """Take one layer backward: (8), then (12).

        Parameters
        ----------
        layer, below
            As for `layer_forward`.
        dZ : numpy.ndarray of float, shape (N, fan_out)
            ∂ρ/∂Z^ℓ, or ∂ρ/∂U in the output layer.
        gradient : Parameters
            ∂ρ/∂W^ℓ and ∂ρ/∂b^ℓ are written here.

        Returns
        -------
        numpy.ndarray of float, shape (N, fan_in), or None
            δ^{ℓ−1} = ∂ρ/∂H^{ℓ−1}; None in the first layer, as the data needs no derivative.
        """
        # np.dot, as np.matmul is ten times slower where N = 1.
        np.dot(dZ.T, below, out=gradient.W[layer])
        np.add.reduce(dZ, axis=0, out=gradient.b[layer])
        return dZ @ self.W[layer] if layer else None

    def activation_backward(self, delta, Z, H):
        """Turn δ^ℓ = ∂ρ/∂H^ℓ into ∂ρ/∂Z^ℓ = δ^ℓ ⊙ σ′(Z^ℓ) in place, and return it.

        Parameters
        ----------
        delta, Z, H : numpy.ndarray of float, shape (N, d_H)
            δ^ℓ, Z^ℓ and H^ℓ; Z may be None where σ′ follows from H (`activation.needs_Z`).
        """
        return np.multiply(delta, self.activation.derivative(Z, H), out=delta)

    def forward(self, X, keep_Z=True):
        """Compute Z¹, H¹, …, Z^L, H^L, U of equation (9) for a batch of rows.

        Parameters
        ----------
        X : array_like of float, shape (N, d)
            One sample a row.
        keep_Z : bool
            Keep Z and H of every layer, 2·N·L·d_H numbers, or H alone, N·L·d_H.

        Returns
        -------
        Activity
            Z and H of every layer, and the scores U.

        Raises
        ------
        ValueError
            If X is no finite matrix of d columns.
        """
        return self.forward_checked(self.check_batch(X)[0], keep_Z)

    def forward_checked(self, X, keep_Z=True):
        """Do what `forward` does, for an X that `check_batch` has returned."""
        kept, H, below = [], [], X
        for layer in range(self.L):
            Z = self.layer_forward(layer, below)
            below = self.activation(Z)
            kept.append(Z if keep_Z else None)
            H.append(below)
        return Activity(kept, H, self.layer_forward(self.L, below))

    def value(self, X, y):
        """Return the mean loss over the batch, a float; arguments are those of `gradients`."""
        X, y = self.check_batch(X, y)
        return self.loss.value_and_gradient(self.forward_checked(X).U, y)[0]

    def gradients(self, X, y, keep_Z=True):
        """Differentiate the mean loss over the batch by backpropagation, (11) and (12).

        Parameters
        ----------
        X : array_like of float, shape (N, d)
            One sample a row.
        y : array_like, shape (N,) of int, or (N, K) of float for the squared error
            Labels in 0, …, K − 1, or targets.
        keep_Z : bool
            False keeps H alone for the backward step: the same gradient to the last bit by the
            same arithmetic, with half as many numbers stored. σ′ must follow from H.

        Returns
        -------
        float, Parameters
            The loss, and its gradient in each W^ℓ and b^ℓ.

        Raises
        ------
        ValueError
            If X or y has a wrong shape, is not finite, or a label is out of range; if keep_Z is
            False and the activation's σ′ needs Z.
        """
        if not keep_Z and self.activation.needs_Z:
            name = self.activation.name
            raise ValueError(f"keep_Z must be True where σ′ needs Z, as that of {name} does")
        X, y = self.check_batch(X, y)
        return self.gradients_checked(X, y, self.parameters.empty_like(), keep_Z)

    def gradients_checked(self, X, y, gradient, keep_Z=True):
        """Do what `gradients` does, for what `check_batch` has returned, into `gradient`."""
        activity = self.forward_checked(X, keep_Z)
        rho, dZ = self.loss.value_and_gradient(activity.U, y)  # ∂ρ/∂U, (11)
        for layer in range(self.L, 0, -1):
            Z, H = activity.Z[layer - 1], activity.H[layer - 1]
            delta = self.layer_backward(layer, dZ, H, gradient)
            dZ = self.activation_backward(delta, Z, H)
        self.layer_backward(0, dZ, X, gradient)
        return rho, gradient

    def probabilities(self, X):
        """Return f(X; θ) = F_softmax(U), shape (N, K), of a network with cross-entropy."""
        if self.loss is not CROSS_ENTROPY:
            raise ValueError(f"loss must be cross_entropy for probabilities, got {self.loss.name}")
        return softmax(self.forward(X).U)

    def predict(self, X):
        """Return the class of the highest score of each row, int of shape (N,)."""
        return self.forward(X).U.argmax(axis=1)
