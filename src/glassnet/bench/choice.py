"""What somebody chose to have measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """Empty tuples and None leave it to each work; `short` asks for a few pieces of work, in few turns.

    `networks` are sizes such as (784, 128, 10); `threads` the numbers to try for each side, the best counts.
    """

    works: tuple[str, ...] = ()
    networks: tuple[tuple[int, ...], ...] = ()
    batches: tuple[int, ...] = ()
    optimizers: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    threads: tuple[int, ...] = ()
    turns: int | None = None
    short: bool = False
    data: str | None = None


def sizes(network: tuple[int, ...]) -> str:
    """Return a network as people write it: 784-128-10."""
    return "-".join(map(str, network))
