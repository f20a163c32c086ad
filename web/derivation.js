const NAMES = { relu: "ReLU", leaky_relu: "LeakyReLU", gelu: "GELU" };

/** Where a line's equation is derived: {href, words}; `doc` is {page, equation, anchor}. */
export function derivation({ page, equation, anchor }) {
  const part = equation ? `eq-${equation}` : anchor;
  const words = equation ? `equation ${equation} of ${titleOf(page)}` : titleOf(page);
  return { href: `math/${page}.html${part ? `#${part}` : ""}`, words };
}

/** "batch_norm" → "Batch norm". */
function titleOf(page) {
  const words = page.replaceAll("_", " ");
  return NAMES[page] ?? words.slice(0, 1).toUpperCase() + words.slice(1);
}
