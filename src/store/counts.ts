/** Sums of what went in and out of a step, kept as jsonb on tasks and scans. */
import type { Counts } from './tables.ts'

/** Sum by name, one level of grouping deep. */
export function addCounts(a: Counts, b: Counts): Counts {
  const sum: Counts = { ...a }
  for (const [name, more] of Object.entries(b)) {
    const present = sum[name]
    if (typeof more === 'number') sum[name] = (typeof present === 'number' ? present : 0) + more
    else sum[name] = addCounts(typeof present === 'object' ? present : {}, more) as Record<string, number>
  }
  return sum
}
