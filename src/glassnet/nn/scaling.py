"""What is done to raw inputs before the first layer: shift and scale."""

from typing import Any

import numpy as np

from glassnet.nn.layer import Array


class Scaling:
    """x ← (x − shift) · scale, with one shift and scale for all inputs or one for each feature.

    `Scaling(scale=1 / 255)` brings pixels of 0 to 255 to 0 to 1. Raises ValueError unless all are finite.
    """

    def __init__(self, shift: float | Array = 0.0, scale: float | Array = 1.0) -> None:
        self.shift = np.asarray(shift, np.float64)
        self.scale = np.asarray(scale, np.float64)
        if not (np.isfinite(self.shift).all() and np.isfinite(self.scale).all()):
            raise ValueError("scaling: expected a finite shift and scale, got NaN or infinity")
        self._shifts = bool(self.shift.any())
        self._factors: dict[Any, tuple[Array, Array]] = {}

    def __call__(self, raw: Array, out: Array) -> None:
        """Write the scaled `raw` (N, …), of any numeric dtype, into `out`, of the network's dtype."""
        _, scale = self._factors.get(out.dtype) or self._cast(out.dtype)
        if self._shifts:
            np.subtract(raw, self.shift, out=out, casting="unsafe")  # float64: time stamps need it
            np.multiply(out, scale, out=out)
        else:
            np.multiply(raw, scale, out=out, casting="unsafe")

    def inverse(self, scaled: Array) -> Array:
        """Return what `scaled` (N, …) was before: x / scale + shift, in float64, which time stamps need."""
        raw: Array = scaled.astype(np.float64) / self.scale + self.shift
        return raw

    def _cast(self, dtype: Any) -> tuple[Array, Array]:
        # Factors of the network's own dtype, so that uint8 pixels become float32 without a detour.
        self._factors[dtype] = self.shift.astype(dtype), self.scale.astype(dtype)
        return self._factors[dtype]

    def config(self) -> dict[str, Any]:
        """Describe the scaling as plain data: `Scaling(**config)` makes it again."""
        return {"shift": self.shift.tolist(), "scale": self.scale.tolist()}

    def __eq__(self, other: object) -> bool:
        """Compare the numbers."""
        return isinstance(other, Scaling) and self.config() == other.config()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the formula in words a summary can print."""
        if self.shift.ndim or self.scale.ndim:
            return "each feature shifted and scaled"
        over = float(1 / self.scale) if self.scale else 0.0
        scale = f"/ {over:g}" if over > 1 else f"· {float(self.scale):g}"
        return f"(x − {float(self.shift):g}) {scale}" if self._shifts else f"x {scale}"


PIXELS = Scaling(scale=1 / 255)
