"""Films: of a training, from its recording, and of a network that reads digits."""

from glassnet.film.making import make

__all__ = ["make"]
