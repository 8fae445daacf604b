/** The objects of a pack in the order they stand in, from an index that has them in the order of ids. */
import type { PackIndex } from './pack-index.ts'

export interface SortedOffsets {
  /** Where each object begins, ascending; one more than there are objects, the last one being the end of them all. */
  offsets: Float64Array
  /** The position in the index of each of them. */
  positions: Uint32Array
}

const digitBits = 11
const digits = 1 << digitBits

interface Column {
  /** What is sorted by, and what goes with it. */
  keys: Uint32Array
  values: Uint32Array
}

/**
 * Radix sort: three passes over the low 32 bits, and as many over the rest for packs of four gigabytes and more.
 * Offsets at or behind `end` come last, as `end`.
 */
export function sortOffsets(index: PackIndex, end: number): SortedOffsets {
  const { count } = index
  const highs = end >= 2 ** 32 ? new Uint32Array(count) : null
  let column: Column = { keys: new Uint32Array(count), values: new Uint32Array(count) }
  for (let position = 0; position < count; position++) {
    const offset = Math.min(index.offset(position), end)
    // The low bits alone are kept.
    column.keys[position] = offset
    column.values[position] = position
    if (highs) highs[position] = Math.floor(offset / 2 ** 32)
  }
  column = sortColumn(column, end)
  const offsets = new Float64Array(count + 1)
  if (highs) {
    const lows = new Uint32Array(count)
    for (let i = 0; i < count; i++) lows[column.values[i] as number] = column.keys[i] as number
    column = sortColumn(
      { keys: column.values.map((position) => highs[position] as number), values: column.values },
      end / 2 ** 32,
    )
    for (let i = 0; i < count; i++) {
      offsets[i] = (column.keys[i] as number) * 2 ** 32 + (lows[column.values[i] as number] as number)
    }
  } else offsets.set(column.keys)
  offsets[count] = end
  return { offsets, positions: column.values }
}

/** Stable; keys are at most `highest`, or use all 32 bits where that is more. */
function sortColumn(column: Column, highest: number): Column {
  let { keys, values } = column
  const count = keys.length
  let otherKeys: Uint32Array = new Uint32Array(count)
  let otherValues: Uint32Array = new Uint32Array(count)
  for (let shift = 0; shift < 32 && highest >= 2 ** shift; shift += digitBits) {
    const starts = new Uint32Array(digits + 1)
    for (let i = 0; i < count; i++) {
      const next = (((keys[i] as number) >>> shift) & (digits - 1)) + 1
      starts[next] = (starts[next] as number) + 1
    }
    for (let digit = 1; digit <= digits; digit++) {
      starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number)
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i] as number
      const digit = (key >>> shift) & (digits - 1)
      const place = starts[digit] as number
      starts[digit] = place + 1
      otherKeys[place] = key
      otherValues[place] = values[i] as number
    }
    ;[keys, otherKeys] = [otherKeys, keys]
    ;[values, otherValues] = [otherValues, values]
  }
  return { keys, values }
}
