/** The fixed texts that ripgrep is given to look for: those of all detectors that have four bytes and more. */
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { detectors } from '../../detectors/index.ts'

const shortest = 4

/** The list kept with the program, else, in an installed package, one written into `cache`. */
export async function anchorsFile(cache: string): Promise<string> {
  for (const root of ['../../', '../../../']) {
    const kept = fileURLToPath(new URL(`${root}fixtures/bench-anchors.txt`, import.meta.url))
    const found = await access(kept).then(
      () => true,
      () => false,
    )
    if (found) return kept
  }
  const path = join(cache, 'anchors.txt')
  const texts = new Set(detectors.flatMap(({ anchors }) => anchors))
  const long = [...texts].filter((text) => Buffer.byteLength(text) >= shortest).sort()
  await writeFile(path, `${long.join('\n')}\n`)
  return path
}
