"""Step 3. XOR: one neuron cannot do it, four hidden ones can, unless all of them begin alike."""

import numpy as np

import glassnet as gn
from glassnet.plots import style

corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
classes = np.array([0, 1, 1, 0])  # 1 where one of the two is 1, and not both


def hidden(first):
    return [gn.Dense(4, initializer=first), gn.Tanh(), gn.Dense(1, initializer=first), gn.Sigmoid()]


nets = {
    "one neuron": [gn.Dense(1), gn.Sigmoid()],
    "all weights 0": hidden("zeros"),
    "all weights 0.5": hidden("constant(0.5)"),
    "random weights": hidden("glorot_uniform"),
}
for name, layers in nets.items():
    nets[name] = net = gn.Network(layers, input_shape=2, seed=1)
    run = gn.Training(net, (corners, classes), learning_rate=0.3, batch_size="full", epochs=500)
    run.fit(progress=False)
    answers = net.predict_proba(corners)[:, 1]
    print(f"{name:15}  says {np.round(answers, 2)}  loss {gn.evaluate(net, run.data.train).loss:.4f}")
for name in ("all weights 0.5", "random weights"):
    print(f"\n{name}: what each hidden unit ended with, one a column")
    print(np.round(nets[name].parameters["1.W"], 2))

with style.drawing():
    note = "what each network says of each place of the plane: orange, blue, or neither: it cannot say"
    figure, _ = style.page(8.2, 3.1, "Exclusive or: four points, four networks", note)
    side = np.linspace(-0.5, 1.5, 120)
    plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    for k, (name, net) in enumerate(nets.items()):
        axes = style.panel(figure, 0.2 + 2 * k, 1.2, 1.75, 1.75)
        p = net.predict_proba(plane)[:, 1].reshape(120, 120)
        levels, cmap = np.linspace(0, 1, 12), style.diverging()
        axes.contourf(side, side, p, levels, cmap=cmap, vmin=-0.5, vmax=1.5)
        inks = np.where(classes == 1, style.ORANGE, style.BLUE)
        axes.scatter(*corners.T, c=inks, s=60, edgecolors="white", linewidths=1.5)
        axes.set_title(name, loc="left", fontsize=style.SMALL)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
    style.save(figure, "03.png")
