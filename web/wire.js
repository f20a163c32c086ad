const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
};

const NAMES = new Map(Object.entries(TYPES).map(([name, Type]) => [Type, name]));

/**
 * Arrays to send, by their names: typed arrays, or {data, shape} where they have more than one axis. Returns
 * what a header tells of them, and their buffers in that order, as a model's `send` takes them.
 */
export function pack(arrays) {
  const told = [];
  const buffers = [];
  for (const [name, given] of Object.entries(arrays)) {
    const { data, shape } = ArrayBuffer.isView(given) ? { data: given, shape: [given.length] } : given;
    // The canvas has a Uint8ClampedArray; its bytes are the same.
    const dtype = data instanceof Uint8ClampedArray ? "uint8" : NAMES.get(data.constructor);
    if (!dtype) throw new Error(`${name}: expected an array of ${[...NAMES.values()].join(", ")}`);
    told.push({ name, dtype, shape });
    buffers.push(new DataView(data.buffer, data.byteOffset, data.byteLength));
  }
  return { told, buffers };
}

/** A message of the model (header, buffers) with its arrays by name: message.array.w1, message.shape.w1. */
export function unpack(header, buffers) {
  const message = { ...header, array: {}, shape: {} };
  (header.arrays || []).forEach(({ name, dtype, shape }, i) => {
    const { buffer, byteOffset, byteLength } = buffers[i];
    const Type = TYPES[dtype];
    const aligned = byteOffset % Type.BYTES_PER_ELEMENT === 0;
    message.array[name] = aligned
      ? new Type(buffer, byteOffset, byteLength / Type.BYTES_PER_ELEMENT)
      : new Type(buffer.slice(byteOffset, byteOffset + byteLength));
    message.shape[name] = shape;
  });
  return message;
}
