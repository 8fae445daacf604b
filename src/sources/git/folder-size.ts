/** Bytes under a folder that another process is writing: what vanishes while we look counts nothing. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export async function folderSize(folder: string): Promise<number> {
  let total = 0
  const waiting = [folder]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) waiting.push(child)
      else total += (await lstat(child).catch(() => null))?.size ?? 0
    }
  }
  return total
}
