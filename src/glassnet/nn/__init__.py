"""The mathematics: layers, losses, derivatives, optimizers. NumPy and the standard library, nothing else."""

from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.flatten import Flatten
from glassnet.nn.layer import Layer
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from glassnet.nn.network import Network
from glassnet.nn.normalization import BatchNorm, LayerNorm
from glassnet.nn.optimizers import SGD, Adam, AdamW, Momentum, Nesterov, RMSProp
from glassnet.nn.passes import Pass
from glassnet.nn.scaling import Scaling
from glassnet.nn.schedules import Constant, Cosine, Exponential, OneCycle, StepDecay, Warmup

__all__ = [
    "Adam", "AdamW", "BatchNorm", "BinaryCrossEntropy", "Constant", "Cosine", "CrossEntropy", "Dense",
    "Dropout", "Exponential", "Flatten", "GELU", "Layer", "LayerNorm", "LeakyReLU", "MeanSquaredError",
    "Momentum", "Nesterov", "Network", "OneCycle", "Pass", "RMSProp", "ReLU", "SGD", "Scaling", "Sigmoid",
    "Softmax", "StepDecay", "Tanh", "Warmup",
]  # fmt: skip
