"""Layers and losses that are wrong, each in one way, and the arrays whose gradients show it."""

from typing import Any

import numpy as np

from glassnet.nn import (
    GELU,
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Dropout,
    LayerNorm,
    LeakyReLU,
    MeanSquaredError,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)


class HalfWeights(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dW /= 2


class ZeroWeights(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dW.fill(0)


class WeightsOfTheFirstExample(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dW[...] = np.outer(x[0], dy[0])


class OneWrongWeight(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dW[1, 2] += 1e-3


class MeanBias(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.db[...] = dy.mean(axis=0)


class OneNumberOfBias(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.db[...] = dy.sum()


class AccumulatedWeights(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        before = self.dW.copy()
        super().backward(x, y, memory, dy, dx)
        self.dW += before


class ForgottenBias(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        before = self.db.copy()
        super().backward(x, y, memory, dy, dx)
        self.db[...] = before


class WrongInput(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        if dx is not None:
            dx *= 1.001


class ForgottenInput(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, None)


class AccumulatedInput(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, None)
        if dx is not None:
            dx += dy @ self.W.T


class Ungated(ReLU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.copyto(dx, dy)


class GatedByTheCotangent(ReLU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, dy > 0, out=dx)


class SlopeOnTheWrongSide(LeakyReLU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, np.where(x > 0, self.slope, 1), out=dx)


class OfTheInput(Tanh):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, 1 - x * x, out=dx)


class TwiceApplied(Sigmoid):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, (y * (1 - y)) ** 2, out=dx)


class WithoutTheCubic(GELU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        t = memory.t
        np.multiply(dy, 0.5 * (1 + t + x * (1 - t * t) * self.SCALE), out=dx)


class DiagonalOnly(Softmax):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, y * (1 - y), out=dx)


class ForgottenMask(Dropout):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.copyto(dx, dy)


class MaskWithoutItsScale(Dropout):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, memory.mask > 0, out=dx)


class StatisticsAsConstants(BatchNorm):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        np.multiply(dy, self.gamma * memory.inverse_deviation, out=dx)


class ForgottenGain(BatchNorm):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        if dx is not None:
            dx /= self.gamma


class GainOfTheRawInput(BatchNorm):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dgamma[...] = (dy * x).sum(axis=0)


class MeanAsConstant(LayerNorm):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        if dx is not None:
            dx += (dy * self.gamma).mean(axis=-1, keepdims=True) * memory.inverse_deviation


class ShiftOfTheMean(LayerNorm):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.dbeta /= len(x)


LAYERS = {
    HalfWeights: ({"units": 3}, ["W"]),
    ZeroWeights: ({"units": 3}, ["W"]),
    WeightsOfTheFirstExample: ({"units": 3}, ["W"]),
    OneWrongWeight: ({"units": 3}, ["W"]),
    MeanBias: ({"units": 3}, ["b"]),
    OneNumberOfBias: ({"units": 3}, ["b"]),
    AccumulatedWeights: ({"units": 3}, ["W"]),
    ForgottenBias: ({"units": 3}, ["b"]),
    WrongInput: ({"units": 3}, ["x"]),
    ForgottenInput: ({"units": 3}, ["x"]),
    AccumulatedInput: ({"units": 3}, ["x"]),
    Ungated: ({}, ["x"]),
    GatedByTheCotangent: ({}, ["x"]),
    SlopeOnTheWrongSide: ({"slope": 0.2}, ["x"]),
    OfTheInput: ({}, ["x"]),
    TwiceApplied: ({}, ["x"]),
    WithoutTheCubic: ({}, ["x"]),
    DiagonalOnly: ({}, ["x"]),
    ForgottenMask: ({}, ["x"]),
    MaskWithoutItsScale: ({"rate": 0.3}, ["x"]),
    StatisticsAsConstants: ({}, ["x"]),
    ForgottenGain: ({}, ["x"]),
    GainOfTheRawInput: ({}, ["gamma"]),
    MeanAsConstant: ({}, ["x"]),
    ShiftOfTheMean: ({}, ["beta"]),
}  # fmt: skip


# ---- losses


class Summed(CrossEntropy):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = super().__call__(z, targets, dz, divisor)
        if dz is not None:
            dz *= len(z)
        return value


class Reversed(CrossEntropy):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = super().__call__(z, targets, dz, divisor)
        if dz is not None:
            dz *= -1
        return value


class WithoutTwo(MeanSquaredError):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = super().__call__(z, targets, dz, divisor)
        if dz is not None:
            dz /= 2
        return value


class SmoothedValueOnly(CrossEntropy):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = CrossEntropy(0.1)(z, targets, dz, divisor)
        if dz is not None:
            CrossEntropy()(z, targets, dz, divisor)
        return value


class UnwrittenRow(BinaryCrossEntropy):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = super().__call__(z, targets, dz, divisor)
        if dz is not None:
            dz[-1] = np.nan
        return value


LOSSES = [Summed(), Reversed(), WithoutTwo(), SmoothedValueOnly(), UnwrittenRow()]
