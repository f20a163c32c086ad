"""The controls: their names as the field has them, one line on each, and their bounds."""

from glassnet.studio import limits
from glassnet.studio.control import Control, Option


def _options(*told: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(*one) for one in told)


ACTIVATIONS = _options(
    ("relu", "ReLU", "max(0, z): cheap, and where z is above 0 the gradient passes whole."),
    ("leaky_relu", "leaky ReLU", "z where it is above 0, else 0.01 z: no unit dies for good."),
    ("gelu", "GELU", "z Φ(z): a smooth ReLU."),
    ("tanh", "tanh", "From −1 to 1; far from 0 it is flat, and its gradient small."),
    ("sigmoid", "sigmoid", "From 0 to 1; its gradient is at most 1/4, so that deep networks learn slowly."),
)
INITIALIZERS = _options(
    ("auto", "auto", "He normal before ReLU, leaky ReLU and GELU; Glorot uniform before tanh and sigmoid."),
    (
        "he_normal",
        "He normal",
        "Normal, variance 2 / inputs: through ReLUs signals keep their size.",
    ),
    ("he_uniform", "He uniform", "Uniform, variance 2 / inputs."),
    ("glorot_normal", "Glorot normal", "Normal, variance 2 / (inputs + units): for tanh and sigmoid."),
    ("glorot_uniform", "Glorot uniform", "Uniform, variance 2 / (inputs + units): for tanh and sigmoid."),
    ("lecun_normal", "LeCun normal", "Normal, variance 1 / inputs."),
    ("lecun_uniform", "LeCun uniform", "Uniform, variance 1 / inputs."),
    ("uniform(-0.5, 0.5)", "uniform ±0.5", "Uniform from −0.5 to 0.5, however many inputs there are."),
    ("zeros", "zeros", "All 0: the units of a layer stay alike for ever. To see what goes wrong."),
    ("ones", "ones", "All 1: the units of a layer stay alike, and signals grow. To see what goes wrong."),
)
LOSSES = _options(
    ("auto", "auto", "Cross-entropy for classes, mean squared error for values."),
    ("cross_entropy", "cross-entropy", "−log of the probability that softmax gives the right class."),
    (
        "binary_cross_entropy",
        "binary cross-entropy",
        "For each output alone: a yes or a no, by a sigmoid.",
    ),
    (
        "mse",
        "mean squared error",
        "The mean of (output − target)²; for classes, of sigmoids: it learns slowly.",
    ),
)
OPTIMIZERS = _options(
    ("sgd", "SGD", "Plain gradient descent: w ← w − η g."),
    ("momentum", "momentum", "A heavy ball: the velocity remembers earlier gradients."),
    ("nesterov", "Nesterov", "Momentum that looks ahead along its velocity."),
    ("rmsprop", "RMSProp", "Divides each weight's step by the recent size of its gradient."),
    ("adam", "Adam", "Momentum and RMSProp together, corrected for their start at 0."),
    ("adamw", "AdamW", "Adam, with weight decay apart from the gradient."),
)
SCHEDULES = _options(
    ("constant", "constant", "The same learning rate for the whole run."),
    ("step", "step", "A tenth after each third of the run."),
    ("exponential", "exponential", "Down by the same factor at each step, to a hundredth at the end."),
    ("cosine", "cosine", "Down to 0 along half a cosine."),
    ("one_cycle", "one cycle", "Up from a 25th over the first 30 % of the run, then down to almost 0."),
    ("warmup", "warm-up", "Up along a straight line for a tenth of the run, then constant."),
)
CONTROLS = {
    control.name: control
    for control in (
        Control("data", "data set", "data", "choice", "What the network learns from."),
        Control("scale", "scale the inputs", "data", "switch",
                "Pixels become 0 to 1; columns get mean 0 and deviation 1. Off: the numbers as they are."),
        Control("hidden", "hidden layers", "network", "layers",
                "The layers between input and output: how many units each, and the activation after them.",
                ACTIVATIONS, 1, limits.UNITS),
        Control("initializer", "initialization", "network", "choice",
                "How the first weights are drawn; biases begin at 0.", INITIALIZERS),
        Control("loss", "loss", "network", "choice",
                "The number that training makes small: how wrong the outputs are.", LOSSES),
        Control("optimizer", "optimizer", "training", "choice",
                "How a gradient becomes a step. Another brings its usual learning rate.", OPTIMIZERS),
        Control("learning_rate", "learning rate η", "training", "number",
                "How far a step goes along the gradient: the height of the schedule.",
                least=1e-7, most=1000, scale="log"),
        Control("schedule", "schedule", "training", "choice",
                "How the learning rate changes over the run.", SCHEDULES),
        Control("batch_size", "batch size", "training", "batch",
                "Examples a step: few make a noisy gradient, many a dear one; full takes all.",
                least=1, most=limits.BATCH, scale="log"),
        Control("epochs", "epochs", "training", "whole",
                "How often the run goes through all training examples.",
                least=1, most=limits.EPOCHS, scale="log"),
        Control("seed", "seed", "training", "whole",
                "Decides the split, the first weights, the order and dropout: same seed, same run.",
                least=0, most=limits.SEED),
        Control("l1", "L1", "regularization", "number",
                "Adds λ Σ|w| to the loss: many weights become almost 0.", least=0, most=10, scale="log"),
        Control("l2", "L2", "regularization", "number",
                "Adds λ/2 Σw² to the loss: weights stay small.", least=0, most=10, scale="log"),
        Control("weight_decay", "weight decay", "regularization", "number",
                "Shrinks the weights by η λ at each step, apart from the gradient.",
                least=0, most=10, optional=True, scale="log"),
        Control("dropout", "dropout", "regularization", "number",
                "The share of hidden units silenced at each step, others each time.",
                least=0, most=0.95, scale="linear"),
        Control("max_norm", "max-norm", "regularization", "number",
                "The longest that one unit's incoming weights may be.",
                least=0.01, most=1000, optional=True, scale="log"),
        Control("clip", "gradient clipping", "regularization", "number",
                "The longest that the gradient may be; a longer one is shortened.",
                least=1e-4, most=1e6, optional=True, scale="log"),
        Control("patience", "patience", "regularization", "whole",
                "Early stopping: ends the run after so many epochs without a better one.",
                least=1, most=limits.EPOCHS, optional=True, scale="log"),
    )
}  # fmt: skip
RECIPES = {
    "quick": "98 % of MNIST's digits in a second or two.",
    "points": "For one or two inputs, where one can see what was learnt.",
    "table": "A small smooth network, held small, for tables of some hundred rows and more.",
    "tiny": "784-10-10 by full-batch gradient descent, as so many courses begin.",
    "batch-32": "Ten epochs of batches of 32 on all of MNIST's training images.",
    "xor": "The four points that no straight line divides.",
    "drawing": "The network that reads drawings: digits, distorted anew at each step, and what is none.",
}
