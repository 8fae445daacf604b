/** The objects of a pack in the order they stand in, from an index that has them in the order of ids. */
import type { PackIndex } from './pack-index.ts'

export interface SortedOffsets {
  /** Where each object begins, ascending; one more than there are objects, the last one being the end of them all. */
  offsets: Float64Array
  /** The position in the index of each of them. */
  positions: Uint32Array
}

const digitBits = 12
const digits = 1 << digitBits

/** Radix sort: twelve bits at a time, two passes for each 16 MB of pack. Offsets at or behind `end` come last. */
export function sortOffsets(index: PackIndex, end: number): SortedOffsets {
  const { count } = index
  let keys = new Float64Array(count + 1)
  let values = new Uint32Array(count)
  let highest = 0
  for (let position = 0; position < count; position++) {
    const offset = Math.min(index.offset(position), end)
    keys[position] = offset
    values[position] = position
    if (offset > highest) highest = offset
  }
  let otherKeys = new Float64Array(count + 1)
  let otherValues = new Uint32Array(count)
  for (let unit = 1; unit <= highest; unit *= digits) {
    const starts = new Uint32Array(digits + 1)
    for (let i = 0; i < count; i++) {
      const digit = Math.floor((keys[i] as number) / unit) & (digits - 1)
      starts[digit + 1] = (starts[digit + 1] as number) + 1
    }
    for (let digit = 1; digit <= digits; digit++) {
      starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number)
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i] as number
      const digit = Math.floor(key / unit) & (digits - 1)
      const place = starts[digit] as number
      starts[digit] = place + 1
      otherKeys[place] = key
      otherValues[place] = values[i] as number
    }
    ;[keys, otherKeys] = [otherKeys, keys]
    ;[values, otherValues] = [otherValues, values]
  }
  keys[count] = end
  return { offsets: keys, positions: values }
}
