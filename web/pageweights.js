const TYPES = { int8: Int8Array, int16: Int16Array, float32: Float32Array, float64: Float64Array };

/**
 * The network that this page holds: its description, and in each layer its weights, which stand at the end of
 * the page in base64 (four letters for three bytes), the lowest byte first.
 */
export function readNetwork(page) {
  if (!page.getElementById("end")) throw new Error("the file is cut off: its end, with weights, is missing");
  const network = JSON.parse(page.getElementById("network").textContent);
  for (const place of page.querySelectorAll("script[data-layer]")) {
    const { layer, name, type, step } = place.dataset;
    const numbers = new TYPES[type](bytesOf(place.textContent).buffer);
    network.layers[layer - 1][name] = step ? new Float64Array(numbers).map((n) => n * step) : numbers;
  }
  return network;
}

/** The images to choose from, 784 bytes each. */
export function readExamples(page) {
  return bytesOf(page.getElementById("examples").textContent);
}

/** The bytes of a text in base64, line breaks or not. */
function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
