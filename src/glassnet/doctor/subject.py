"""What the doctor examines: somebody's code, whatever its form, as one function from numbers to numbers."""

from typing import Any, NamedTuple, Protocol

from glassnet.nn.layer import Array


class Evaluation(NamedTuple):
    """What one call of the code gave, with `loss` and gradients as they came (dtype and shape untouched)."""

    loss: float  # the function's own; for a class Σ dy ∘ y, whose derivative is what backward must return
    gradients: dict[str, Array]  # by the parameter's name
    input_gradient: Array | None = None  # what a class's backward returned
    output: Array | None = None  # what a class's forward returned
    changed: tuple[str, ...] = ()  # those handed in ("x", "y", "dy", a parameter) that were written to


class Source(NamedTuple):
    """Where code stands."""

    path: str  # the file, or what a notebook calls the cell
    line: int  # of its first line there
    text: str


class Subject(Protocol):
    """Code under examination, with the numbers to run it on.

    `y` is a function's targets or a class's random cotangent dy; both are handed over as copies, so that code
    that writes into its arguments does no harm here. Random numbers that the code draws are the same in every
    call, as far as that can be had from outside.
    """

    form: str  # "function", "class" or "layer"
    name: str
    parameters: dict[str, Array]
    x: Array
    y: Any
    source: Source | None
    precision: str  # "float64", or "float32" where the code computes in float32 whatever it is given
    draws: bool  # whether a call draws from a random generator that we can set
    notes: list[str]  # what a reader of the report should know, a sentence each

    def evaluate(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> Evaluation:
        """Run the code from a fresh start; None stands for the subject's own numbers."""
        ...

    def loss(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> float:
        """Return the loss alone: for a class without its backward."""
        ...

    def repeated(
        self, first: tuple[dict[str, Array], Array, Any], second: tuple[dict[str, Array], Array, Any]
    ) -> Evaluation:
        """Run the code on `first`, then on `second` without a fresh start; return what that gave."""
        ...
