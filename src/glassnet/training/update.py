"""One update: the gradient, penalties added, its length limited, the optimizer's step, weights limited."""

import numpy as np

from glassnet.nn.layer import Array
from glassnet.nn.network import Network
from glassnet.nn.optimizers import Optimizer
from glassnet.nn.penalties import add_penalty_gradient, clip_norm, limit_norms
from glassnet.training.settings import Settings


class Update:
    """Changes the parameters of `network` by `optimizer`; the gradient itself stays as backward left it."""

    def __init__(self, network: Network, optimizer: Optimizer) -> None:
        self.network = network
        self.optimizer = optimizer
        optimizer.start(network.parameters.vector, network.weights)
        self._room: tuple[Array, Array] | None = None  # for a gradient with penalties, where there are some

    def __call__(self, settings: Settings, learning_rate: float, share: float = 1.0) -> None:
        """Make one update, with that share of the penalties, while nobody else copies the parameters."""
        network, optimizer = self.network, self.optimizer
        w, g = network.parameters.vector, network.gradients.vector
        if settings.l1 or settings.l2 or settings.clip:
            if self._room is None:
                self._room = np.empty_like(g), np.empty_like(g)
            weights, (penalized, scratch) = network.weights, self._room
            np.copyto(penalized, g)
            g = penalized
            l1, l2 = share * settings.l1, share * settings.l2
            add_penalty_gradient(g[weights], w[weights], l1, l2, scratch[weights])
            if settings.clip:
                clip_norm(g, settings.clip)
        with network.lock:
            optimizer.step(w, g, learning_rate)
            if settings.max_norm:
                for matrix in network.matrices:
                    limit_norms(matrix, settings.max_norm)
