"""The array whose operations `counting` counts: an ndarray seen through NumPy's two hooks."""

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


def _hand_out(name):
    def method(self, *arguments):
        _counter_of([self]).handed_out += self.size
        return getattr(np.asarray(self), name)(*arguments)

    return method


def _refuse(name):
    def method(self, *arguments, **options):
        raise arithmetic.UncountedError(f"ndarray.{name} has no price")

    return method


def _refuse_masked(self):  # numpy.ma asks for `_baseclass` and looks at nothing else of ours
    raise arithmetic.UncountedError("what a MaskedArray does is not seen")


def _move(name):
    def method(self, *arguments, **options):
        plain = np.asarray(self)
        result = getattr(plain, name)(*_plain(arguments), **_plain(options))
        return self if result is plain else _counted(_counter_of([self]), result)

    return method


# Methods written in C see neither hook above: all are refused, also those that NumPy may add, but
# those made of ufuncs or without numbers in them, and those that compute nothing.
_KNOWN = "all any max mean min prod std sum var fill setflags"
_MOVING = """astype copy diagonal flatten nonzero ravel repeat reshape squeeze swapaxes take
transpose __copy__ __deepcopy__"""
for _name in ("__float__", "__int__", "__bool__", "__index__", "item", "tolist"):
    setattr(CountedArray, _name, _hand_out(_name))
for _name in _MOVING.split():
    setattr(CountedArray, _name, _move(_name))
for _name in set(dir(np.ndarray)) - set(_KNOWN.split()) - set(vars(CountedArray)):
    if not _name.startswith("_") and callable(getattr(np.ndarray, _name)):
        setattr(CountedArray, _name, _refuse(_name))
CountedArray.__contains__ = _refuse("__contains__")
CountedArray.__complex__ = _refuse("__complex__")
CountedArray.flat = property(_refuse("flat"))
CountedArray._baseclass = property(_refuse_masked)


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
