/**
 * Protocol buffers read to their last byte: unknown wire types, lengths past the end or bytes left over mean that it
 * is none. That alone rejects nearly all random text behind a right head.
 */

export interface ProtoField {
  number: number
  /** Wire type 0, 1 or 5 as a number, 2 as bytes. */
  value: bigint | Buffer
}

/** The fields of `bytes`, or null. */
export function readProto(bytes: Buffer): ProtoField[] | null {
  const fields: ProtoField[] = []
  let at = 0
  const varint = (): bigint | null => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) return null
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return null
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag === null || tag >> 3n === 0n) return null
    const number = Number(tag >> 3n)
    const wire = Number(tag & 7n)
    if (wire === 0) {
      const value = varint()
      if (value === null) return null
      fields.push({ number, value })
      continue
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8n : wire === 5 ? 4n : null
    if (length === null || length > BigInt(bytes.length - at)) return null
    const content = bytes.subarray(at, at + Number(length))
    at += Number(length)
    fields.push({
      number,
      value: wire === 2 ? content : BigInt(`0x${Buffer.from(content).reverse().toString('hex')}`),
    })
  }
  return fields
}

/** The bytes of field `number`, or null. */
export function protoBytes(fields: readonly ProtoField[] | null, number: number): Buffer | null {
  const value = fields?.find((field) => field.number === number)?.value
  return Buffer.isBuffer(value) ? value : null
}

/** The number of field `number`, or null. */
export function protoNumber(fields: readonly ProtoField[] | null, number: number): bigint | null {
  const value = fields?.find((field) => field.number === number)?.value
  return typeof value === 'bigint' ? value : null
}

/** Writes fields, for minting. */
export function writeProto(fields: readonly { number: number; value: number | bigint | Buffer }[]): Buffer {
  return Buffer.concat(
    fields.map(({ number, value }) =>
      Buffer.isBuffer(value)
        ? Buffer.concat([varintBytes(number * 8 + 2), varintBytes(value.length), value])
        : Buffer.concat([varintBytes(number * 8), varintBytes(value)]),
    ),
  )
}

function varintBytes(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Buffer.from([...bytes, Number(rest)])
}
