"""How the operations of `autodiff` are written: as Python's operators, and as methods."""

import copy

from mlpkit.operations import BINARY, UNARY, reduction, reshape, take, transpose


class Expression:
    """What + − × / @ ** > and indexing, and the methods below, can be used on.

    A subclass says in `_apply(operation, *arguments)` what is done.
    """

    __array_ufunc__ = None  # ndarray + Expression is left to Expression.__radd__

    def __add__(self, other):
        return self._apply(BINARY["add"], self, other)

    def __radd__(self, other):
        return self._apply(BINARY["add"], other, self)

    def __sub__(self, other):
        return self._apply(BINARY["sub"], self, other)

    def __rsub__(self, other):
        return self._apply(BINARY["sub"], other, self)

    def __mul__(self, other):
        return self._apply(BINARY["mul"], self, other)

    def __rmul__(self, other):
        return self._apply(BINARY["mul"], other, self)

    def __truediv__(self, other):
        return self._apply(BINARY["truediv"], self, other)

    def __rtruediv__(self, other):
        return self._apply(BINARY["truediv"], other, self)

    def __pow__(self, other):
        return self._apply(BINARY["pow"], self, other)

    def __rpow__(self, other):
        return self._apply(BINARY["pow"], other, self)

    def __matmul__(self, other):
        return self._apply(BINARY["matmul"], self, other)

    def __rmatmul__(self, other):
        return self._apply(BINARY["matmul"], other, self)

    def __gt__(self, other):
        return self._apply(BINARY["gt"], self, other)

    def __neg__(self):
        return 0 - self

    def __getitem__(self, index):
        # Copied: labels changed later mustn't change a graph already made.
        return self._apply(take(copy.deepcopy(index)), self)

    def exp(self):
        """Apply exp to each entry."""
        return self._apply(UNARY["exp"], self)

    def log(self):
        """Apply the natural logarithm to each entry."""
        return self._apply(UNARY["log"], self)

    def relu(self):
        """Apply max(z, 0) to each entry; the derivative at 0 is 0."""
        return self._apply(UNARY["relu"], self)

    def tanh(self):
        """Apply tanh to each entry."""
        return self._apply(UNARY["tanh"], self)

    def sigmoid(self):
        """Apply 1 / (1 + exp(−z)) to each entry."""
        return self._apply(UNARY["sigmoid"], self)

    def identity(self):
        """Leave each entry as it is."""
        return self._apply(UNARY["identity"], self)

    def sum(self, axis=None, keepdims=False):
        """Sum over some axes, as np.sum."""
        return self._apply(reduction("sum", axis, keepdims), self)

    def mean(self, axis=None, keepdims=False):
        """Average over some axes, as np.mean."""
        return self._apply(reduction("mean", axis, keepdims), self)

    def max(self, axis=None, keepdims=False):
        """Take the largest over some axes, as np.max; equal maxima share the gradient."""
        return self._apply(reduction("max", axis, keepdims), self)

    def reshape(self, *shape):
        """Arrange the entries in another shape, as np.reshape."""
        return self._apply(reshape(shape), self)

    def transpose(self, *axes):
        """Permute the axes, by default reverse them, as np.transpose."""
        return self._apply(transpose(axes), self)

    @property
    def T(self):
        """All axes reversed."""
        return self.transpose()
