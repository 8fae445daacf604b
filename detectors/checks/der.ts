/** Just enough DER (ITU-T X.690) to walk the private-key structures: definite lengths, one-byte tags. */

export interface DerNode {
  tag: number
  content: Buffer
}

/** The elements that fill `bytes` exactly, or null where they do not. */
export function derElements(bytes: Buffer): DerNode[] | null {
  const nodes: DerNode[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0
    const length = derLength(bytes, at + 1)
    if (!length || length.end + length.value > bytes.length) return null
    nodes.push({ tag, content: bytes.subarray(length.end, length.end + length.value) })
    at = length.end + length.value
  }
  return nodes
}

/** The elements of the single SEQUENCE that `bytes` is, or null. */
export function derSequence(bytes: Buffer): DerNode[] | null {
  const outer = derElements(bytes)
  const only = outer?.[0]
  return outer?.length === 1 && only?.tag === 0x30 ? derElements(only.content) : null
}

/** An INTEGER as a number, or null where the node is none or is negative. */
export function derInteger(node: DerNode | undefined): bigint | null {
  if (node?.tag !== 0x02 || node.content.length === 0 || (node.content[0] ?? 0) > 0x7f) return null
  return BigInt(`0x${node.content.toString('hex')}`)
}

/** One element, for minting. */
export function derEncode(tag: number, content: Buffer): Buffer {
  const length = content.length
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

function derLength(bytes: Buffer, at: number): { value: number; end: number } | null {
  const first = bytes[at]
  if (first === undefined) return null
  if (first < 0x80) return { value: first, end: at + 1 }
  const count = first & 0x7f
  if (count === 0 || count > 4 || at + 1 + count > bytes.length) return null
  return { value: bytes.readUIntBE(at + 1, count), end: at + 1 + count }
}
