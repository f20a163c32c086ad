"""An array on another device, as it were: it follows NumPy's dispatch and never becomes a NumPy array.

It takes what CuPy takes and refuses what CuPy (14.2) refuses: operands that are NumPy arrays, assignment from
a list, reductions by other ufuncs than `add` and `multiply`. What runs on it runs there.
"""

from typing import Any, ClassVar

import numpy as np


class DeviceArray(np.lib.mixins.NDArrayOperatorsMixin):
    """Wraps a NumPy array that nobody else gets to see.

    `dtypes` collects the floating dtypes of all results and of NumPy scalars that are operands, `reads`
    counts the results brought back to Python.
    """

    dtypes: ClassVar[set[np.dtype]] = set()
    reads: ClassVar[int] = 0

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        if array.dtype.kind == "f":
            self.dtypes.add(array.dtype)

    # ---- NumPy's dispatch

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise TypeError("implicit conversion of a device array to a NumPy array")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "reduce" and ufunc not in (np.add, np.multiply):
            raise NotImplementedError(f"{ufunc.__name__}.reduce is not supported on the device")
        if method not in ("__call__", "reduce") or kwargs.get("where", True) is not True:
            return NotImplemented
        self.dtypes.update(operand.dtype for operand in inputs if isinstance(operand, np.floating))
        out = kwargs.pop("out", None)
        if out is not None:
            kwargs["out"] = tuple(map(taken, out))
        result = getattr(ufunc, method)(*map(taken, inputs), **kwargs)
        return given(result) if out is None else out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        out = kwargs.get("out")
        result = function(*map(taken, args), **{name: taken(value) for name, value in kwargs.items()})
        return given(result) if out is None else out

    # ---- what an array has and does

    dtype = property(lambda self: self._array.dtype)
    shape = property(lambda self: self._array.shape)
    ndim = property(lambda self: self._array.ndim)
    size = property(lambda self: self._array.size)
    T = property(lambda self: DeviceArray(self._array.T))

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, key: Any) -> "DeviceArray":
        return given(self._array[taken(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(value, list | tuple | np.ndarray):
            raise TypeError(f"a {type(value).__name__} assigned to a device array")
        self._array[taken(key)] = taken(value)

    def fill(self, value: float) -> None:
        self._array.fill(value)

    def __float__(self) -> float:
        DeviceArray.reads += 1
        return float(self._array)

    def __bool__(self) -> bool:
        DeviceArray.reads += 1
        return bool(self._array)

    __hash__ = None


def _method(name: str) -> Any:
    def method(self: DeviceArray, *args: Any, **kwargs: Any) -> DeviceArray:
        return given(getattr(self._array, name)(*map(taken, args), **kwargs))

    return method


for _name in ("all", "any", "argmax", "astype", "copy", "max", "mean", "min", "reshape", "sum", "var"):
    setattr(DeviceArray, _name, _method(_name))


class DeviceGenerator:
    """Draws the numbers of a NumPy generator, with the manners of `cupy.random.Generator`."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def random(
        self, size: Any = None, dtype: Any = np.float64, out: DeviceArray | None = None
    ) -> DeviceArray:
        drawn = self._generator.random(size, dtype)  # without a size: one number, whatever `out` is
        if out is None:
            return given(drawn)
        out[...] = given(np.asarray(drawn))
        return out


def taken(value: Any) -> Any:
    """To the device: what it computes with. NumPy arrays have to be brought there first."""
    if isinstance(value, DeviceArray):
        return value._array
    if isinstance(value, tuple | list):
        return type(value)(map(taken, value))
    if isinstance(value, np.ndarray):
        raise TypeError("a NumPy array met a device array")
    return value


def given(result: Any) -> Any:
    """From the device: an array, also where NumPy gives a scalar."""
    return DeviceArray(np.asarray(result)) if isinstance(result, np.ndarray | np.generic) else result


def fetched(value: Any) -> np.ndarray:
    """The array on this side, as tests compare it."""
    assert isinstance(value, DeviceArray)
    return value._array
