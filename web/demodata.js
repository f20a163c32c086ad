/** Arrays of bytes as they come, {name: {shape, bytes in base64}} → {array, shape}, each by name. */
export function opened(arrays = {}) {
  const [array, shape] = [{}, {}];
  for (const [name, one] of Object.entries(arrays)) {
    array[name] = Uint8Array.from(atob(one.bytes), (letter) => letter.charCodeAt(0));
    shape[name] = one.shape;
  }
  return { array, shape };
}

const PIECE = 0x8000; // bytes at a time: a call has no room for many more arguments

/** The other way: bytes and their shape as they are sent. */
export function closed(bytes, shape) {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return { shape, bytes: btoa(text) };
}
