/** How a file is packed, by its first bytes; undefined: not at all. */
export function packingOf(bytes: Uint8Array): "gzip" | "zstd" | undefined {
  const starts = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (starts(0x1f, 0x8b)) return "gzip";
  return starts(0x28, 0xb5, 0x2f, 0xfd) || isSkippable(bytes) ? "zstd" : undefined;
}

/** Whether a skippable frame begins so; the last half of its first byte is free. */
export function isSkippable(start: Uint8Array): boolean {
  return start[0] >> 4 === 5 && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18;
}
