"""Step 12. What is still wrong: mistakes it is sure of, and letters that it takes for digits."""

import string
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import glassnet as gn
from glassnet import files
from glassnet.plots import style
from glassnet.reading import Reader

data = gn.data.load("mnist-sample")
quick = gn.Network([gn.Dense(192), gn.ReLU(), gn.Dense(10)], input_shape=784, seed=0)
run = gn.Training(quick, data, optimizer="nesterov", learning_rate=gn.one_cycle(0.1), epochs=15)
run.fit(progress=False)
judge = data.validation
p = quick.predict_proba(judge.images)
wrong = np.flatnonzero(p.argmax(axis=1) != judge.labels)
wrong = wrong[np.argsort(-p[wrong].max(axis=1))]  # those it is surest of first
sure = (p[wrong].max(axis=1) > 0.9).sum()
print(f"{len(wrong)} mistakes in {len(judge)} digits; of {sure} it is more than 90 % sure")

font = ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), 180)
drawing, readings = Reader(*files.read("drawing")), []
for letter in string.ascii_uppercase:
    page = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(page).text((140, 140), letter, font=font, anchor="mm")
    readings += drawing.read(np.asarray(page), several=False)
q = quick.predict_proba(np.stack([reading.image for reading in readings]))
print(f"of 26 letters, quick is more than 90 % sure that {(q.max(axis=1) > 0.9).sum()} are digits")
named = [f"{letter} as {one.name}" for letter, one in zip(string.ascii_uppercase, readings) if one.name]
print(f"drawing names {len(named)}: {', '.join(named)}")

with style.drawing():
    figure, page = style.page(
        8, 4.3, "Wrong, and sure of it", "above: six mistakes of quick; below: six letters"
    )
    for k, i in enumerate(wrong[:6]):
        place = 0.2 + 1.3 * k
        style.panel(figure, place, 0.85, 0.95, 0.95).imshow(judge.images[i], cmap="gray_r")
        page.text(place, 2.02, f"{judge.labels[i]} as {p[i].argmax()}, {100 * p[i].max():.0f} %")
    for k, letter in enumerate("EFHMQS"):
        place, one, at = 0.2 + 1.3 * k, readings[ord(letter) - 65], q[ord(letter) - 65]
        style.panel(figure, place, 2.45, 0.95, 0.95).imshow(one.image, cmap="gray_r")
        page.text(place, 3.65, f"quick: {at.argmax()}, {100 * at.max():.0f} %")
        page.text(place, 3.87, f"drawing: {one.name or 'no digit'}", color=style.BLUE)
    for axes in figure.axes[1:]:
        axes.set_axis_off()
    style.save(figure, "12.png")
