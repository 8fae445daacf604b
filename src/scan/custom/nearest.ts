/** The name somebody meant: for messages about names that do not exist. */

/** Of `names` those near `wrong`, nearest first, at most `most`: a third of the letters may differ, or one holds the other. */
export function nearestNames(wrong: string, names: readonly string[], most = 3): string[] {
  const given = wrong.toLowerCase().slice(0, 100)
  return names
    .map((name) => ({ name, distance: distanceOf(given, name.toLowerCase()) }))
    .filter(
      ({ name, distance }) => distance <= Math.max(1.5, Math.floor(Math.max(given.length, name.length) / 3)),
    )
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name)
}

function distanceOf(a: string, b: string): number {
  const holds = a.length > 2 && b.length > 2 && (b.includes(a) || a.includes(b))
  return Math.min(editDistance(a, b), holds ? 1.5 : Number.POSITIVE_INFINITY)
}

/** Letters added, left out or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
