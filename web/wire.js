const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
};

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
