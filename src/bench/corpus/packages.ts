/**
 * Real files for the mix: the texts of the packages that are installed beside this program. Binaries are left out,
 * and what was met before, byte for byte.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import type { Draw } from './draw.ts'

const largest = 4 * 1024 * 1024

/** The folder that holds the packages, or null where they are bundled or linked elsewhere. */
function packagesFolder(): string | null {
  const found = createRequire(import.meta.url).resolve('commander')
  const at = found.lastIndexOf(`${sep}node_modules${sep}`)
  return at < 0 ? null : found.slice(0, at + `${sep}node_modules`.length)
}

/**
 * Texts in an order drawn from all there are, each once, until `bytes` or `count` is reached.
 * Paths are below the folder of the packages, with `/`.
 */
export async function* packageFiles(
  draw: Draw,
  bytes: number,
  count: number,
): AsyncGenerator<{ path: string; content: Buffer }> {
  const folder = packagesFolder()
  if (folder === null) return
  const paths = (await listFiles(folder, '')).sort()
  const met = new Set<string>()
  let given = 0
  while (paths.length > 0 && given < bytes && met.size < count) {
    const at = draw.int(0, paths.length - 1)
    const path = paths[at] ?? ''
    paths[at] = paths.at(-1) ?? ''
    paths.pop()
    const { size } = await stat(join(folder, path))
    if (size === 0 || size > largest || size > bytes - given) continue
    const content = await readFile(join(folder, path))
    const name = createHash('sha256').update(content).digest('base64')
    if (met.has(name) || content.includes(0)) continue
    met.add(name)
    given += content.length
    yield { path, content }
  }
}

async function listFiles(root: string, below: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await listFiles(root, path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}
