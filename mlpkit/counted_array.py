"""The array whose operations `counting` counts: an ndarray seen through NumPy's two hooks."""

import operator

import numpy as np

from mlpkit import arithmetic

_NESTED = (tuple, list, dict)


class CountedArray(np.ndarray):
    """An array whose operations are counted; `Counter.array` makes it."""

    counter = None
    # A plain array's own `.dot` sees no hook, but lets the higher priority make its result.
    __array_priority__ = 1000.0

    def __array_finalize__(self, origin):
        if origin is not None and self.base is None:  # new numbers, and not from here
            raise arithmetic.UncountedError(
                "compiled code made numbers unseen: make both arrays counted, or use @ or np.dot"
            )
        self.counter = getattr(origin, "counter", None)

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **options):
        counter = _counter_of((*inputs, *out))
        # `s += 1` gives a scalar a new value in NumPy; only arrays are written to.
        out = () if any(_is_scalar(array) for array in out) else out
        plain = _plain(inputs)
        if method in ("at", "reduceat", "inner"):
            raise arithmetic.UncountedError(f"numpy.{ufunc.__name__}.{method} has no price")
        options = _plain(options)
        if out:
            options["out"] = _plain(out)
        result = getattr(ufunc, method)(*plain, **options)
        counter.add(*arithmetic.ufunc_price(ufunc, method, plain, options, result))
        return out[0] if out else _counted(counter, result)

    def __array_function__(self, function, types, arguments, options):
        if function in arithmetic.MADE_OF_UFUNCS:
            return super().__array_function__(function, types, arguments, options)
        price = arithmetic.FUNCTION_PRICES.get(function)
        if price is None and function not in arithmetic.FREE:
            raise arithmetic.UncountedError(f"numpy.{function.__name__} has no price")
        counter = _counter_of((arguments, options))
        plain, plain_options = _plain(arguments), _plain(options)
        result = function(*plain, **plain_options)
        if price:
            counter.add(*price(result, *plain, **plain_options))
        return options["out"] if options.get("out") is not None else _counted(counter, result)

    def __getitem__(self, key):
        return _counted(_counter_of([self]), np.asarray(self)[_plain(key)])

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        return f"counted {np.asarray(self)!r}"

    __str__ = __repr__

    def __getattribute__(self, name):
        if name in _REFUSED:
            raise arithmetic.UncountedError(f"ndarray.{name} has no price")
        return super().__getattribute__(name)

    # Python finds these two on the class, without a look at __getattribute__.
    def __contains__(self, value):
        raise arithmetic.UncountedError("ndarray.__contains__ has no price")

    def __complex__(self):
        raise arithmetic.UncountedError("ndarray.__complex__ has no price")

    def dot(self, b, out=None):
        """See numpy.dot."""
        return np.dot(self, b, out=out)

    def argmax(self, axis=None, out=None, **options):
        """See numpy.argmax."""
        return np.argmax(self, axis=axis, out=out, **options)

    def argmin(self, axis=None, out=None, **options):
        """See numpy.argmin."""
        return np.argmin(self, axis=axis, out=out, **options)

    def view(self, *arguments, **options):
        """See numpy.ndarray.view; as another class the array would be seen no more."""
        result = super().view(*arguments, **options)
        if type(result) is not CountedArray:
            raise arithmetic.UncountedError(f"what a {type(result).__name__} does is not seen")
        return result

    # Numbers for Python, whose arithmetic nobody sees.

    def __float__(self):
        return float(self._handed_out())

    def __int__(self):
        return int(self._handed_out())

    def __bool__(self):
        return bool(self._handed_out())

    def __index__(self):
        return operator.index(self._handed_out())

    def item(self, *arguments):
        """See numpy.ndarray.item."""
        return self._handed_out().item(*arguments)

    def tolist(self):
        """See numpy.ndarray.tolist."""
        return self._handed_out().tolist()

    def _handed_out(self):
        _counter_of([self]).handed_out += self.size
        return np.asarray(self)

    # What computes nothing: the same numbers in another place, shape, order or dtype.

    def astype(self, *arguments, **options):
        """See numpy.ndarray.astype."""
        plain = np.asarray(self)
        moved = plain.astype(*arguments, **options)
        return self if moved is plain else self._moved(moved)

    def copy(self, order="C"):
        """See numpy.ndarray.copy."""
        return self._moved(np.asarray(self).copy(order))

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def diagonal(self, *arguments, **options):
        """See numpy.ndarray.diagonal."""
        return self._moved(np.asarray(self).diagonal(*arguments, **options))

    def flatten(self, *arguments, **options):
        """See numpy.ndarray.flatten."""
        return self._moved(np.asarray(self).flatten(*arguments, **options))

    def nonzero(self):
        """See numpy.ndarray.nonzero."""
        return self._moved(np.asarray(self).nonzero())

    def ravel(self, *arguments, **options):
        """See numpy.ndarray.ravel."""
        return self._moved(np.asarray(self).ravel(*arguments, **options))

    def repeat(self, repeats, axis=None):
        """See numpy.ndarray.repeat."""
        return self._moved(np.asarray(self).repeat(_plain(repeats), axis))

    def reshape(self, *arguments, **options):
        """See numpy.ndarray.reshape."""
        return self._moved(np.asarray(self).reshape(*arguments, **options))

    def squeeze(self, axis=None):
        """See numpy.ndarray.squeeze."""
        return self._moved(np.asarray(self).squeeze(axis))

    def swapaxes(self, one, other):
        """See numpy.ndarray.swapaxes."""
        return self._moved(np.asarray(self).swapaxes(one, other))

    def take(self, indices, *arguments, **options):
        """See numpy.ndarray.take."""
        moved = np.asarray(self).take(_plain(indices), *_plain(arguments), **_plain(options))
        return self._moved(moved)

    def transpose(self, *axes):
        """See numpy.ndarray.transpose."""
        return self._moved(np.asarray(self).transpose(*axes))

    def _moved(self, result):
        return _counted(_counter_of([self]), result)


# Methods written in C see neither hook of NumPy: all are refused, also those that NumPy may add,
# but our own above and those that are made of ufuncs or have no numbers in them.
_KNOWN = {"all", "any", "max", "mean", "min", "prod", "std", "sum", "var", "fill", "setflags"}
_REFUSED = {
    name
    for name in set(dir(np.ndarray)) - _KNOWN - set(vars(CountedArray))
    if not name.startswith("_") and callable(getattr(np.ndarray, name))
}
_REFUSED |= {
    "flat",  # an iterator in C
    "_baseclass",  # numpy.ma asks for it and looks at nothing else of ours
}


def _is_scalar(array):
    return isinstance(array, CountedArray) and array.ndim == 0 and not array.flags.writeable


def _counter_of(values):
    found = _counters(values)
    if len(found) != 1 or None in found:
        raise arithmetic.UncountedError("arrays must have one and the same counter")
    return found.pop()


def _counters(values):
    found = set()
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, CountedArray):
            found.add(value.counter)
        elif isinstance(value, _NESTED):
            found |= _counters(value)
    return found


def _plain(value):
    if isinstance(value, CountedArray):
        return np.asarray(value)[()] if _is_scalar(value) else np.asarray(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, _NESTED):
        return type(value)([_plain(item) for item in value])
    return value


def _counted(counter, value):
    if isinstance(value, tuple | list):
        return type(value)(_counted(counter, item) for item in value)
    if isinstance(value, np.generic):
        array = counter.array(value)
        array.flags.writeable = False
        return array
    return counter.array(value) if isinstance(value, np.ndarray) else value
