"""Step 6. A hidden layer of ten, 784-10-10, by plain gradient descent over all digits at every step."""

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
curves, alive = {}, {}
for rate in (0.05, 0.5, 5.0):
    first = "uniform(-0.5, 0.5)"
    layers = [gn.Dense(10, initializer=first), gn.ReLU(), gn.Dense(10, initializer=first)]
    net = gn.Network(layers, input_shape=784, seed=3)
    run = gn.Training(net, digits, optimizer="sgd", learning_rate=rate, batch_size="full", epochs=100)
    right = curves[rate] = [100 * e.validation_accuracy for e in run if e.kind == "epoch"]
    net.forward(digits.validation.images)
    alive[rate] = net.flow.activations[2] > 0  # (digits, units): which units answer which digits
    dead = 10 - alive[rate].any(axis=0).sum()
    print(f"rate {rate:<4}  right after 10, 50, 100 steps: ", end="")
    print(*(f"{right[k - 1]:4.1f} %" for k in (10, 50, 100)), f"  dead units: {dead} of 10")

with style.drawing():
    note = "784-10-10, full batch; right: 40 digits, one a row, orange where the hidden unit answers"
    figure, _ = style.page(8, 3.5, "Too small a rate is slow, too large a one kills", note)
    axes = style.panel(figure, 0.65, 1.05, 2.9, 1.9)
    for (rate, curve), colour in zip(curves.items(), ("#6baed6", style.BLUE, style.ORANGE)):
        axes.plot(range(1, 101), curve, color=colour)
        axes.text(102, curve[-1], f"rate {rate}", color=colour, va="center")
    axes.set(xlabel="step", ylabel="% right", xlim=(0, 100), ylim=(0, 100))
    for k, rate in enumerate((0.5, 5.0)):
        axes = style.panel(figure, 4.7 + 1.65 * k, 1.05, 1.4, 1.9)
        axes.imshow(alive[rate][:40], aspect="auto", interpolation="nearest", cmap=style.sequential(), vmax=2)
        axes.set(xticks=range(10), yticks=[], xlabel="hidden unit")
        axes.set_title(f"rate {rate}", loc="left", fontsize=style.SMALL)
    style.save(figure, "06.png")
