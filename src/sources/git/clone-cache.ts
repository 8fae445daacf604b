/**
 * Who uses which mirror, and which go when there are too many: those used longest ago. A mirror in use is never
 * removed, nor fetched into by two at a time. The locks lie in a folder beside that of the mirrors.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hold, holdAlone, isHeld, tryHold } from './file-lock.ts'
import { folderSize } from './folder-size.ts'

export interface CloneCache {
  /** Keeps a mirror from being removed until it is released; also notes that it was used now. */
  use(name: string, signal: AbortSignal): Promise<Hold>
  /** Does work on a mirror while nobody else changes it. */
  alone<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>
  /** Removes mirrors that nobody uses, the one used longest ago first, until the rest takes `maxBytes` at most. */
  trim(maxBytes: number, signal: AbortSignal): Promise<void>
}

/** @param folder of the mirrors, `NAME.git` */
export function createCloneCache(folder: string): CloneCache {
  const locks = `${folder}.locks`
  const usedPath = (name: string): string => join(locks, `${name}.used`)

  async function guarded<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await mkdir(locks, { recursive: true, mode: 0o700 })
    const hold = await holdAlone(join(locks, 'cache.lock'), signal)
    try {
      return await work()
    } finally {
      await hold.release()
    }
  }

  async function isUsed(name: string): Promise<boolean> {
    const leases = (await readdir(locks)).filter((entry) => entry.startsWith(`${name}.lease.`))
    let held = false
    for (const lease of leases) {
      if (await isHeld(join(locks, lease))) held = true
      else await rm(join(locks, lease), { force: true })
    }
    return held
  }

  return {
    use: (name, signal) =>
      guarded(signal, async () => {
        const hold = await tryHold(join(locks, `${name}.lease.${randomBytes(8).toString('hex')}`))
        if (!hold) throw new Error('two random names were the same')
        await writeFile(usedPath(name), '')
        await utimes(usedPath(name), new Date(), new Date())
        return hold
      }),
    async alone(name, signal, work) {
      await mkdir(locks, { recursive: true, mode: 0o700 })
      const hold = await holdAlone(join(locks, `${name}.lock`), signal)
      try {
        return await work()
      } finally {
        await hold.release()
      }
    },
    trim: (maxBytes, signal) =>
      guarded(signal, async () => {
        const mirrors = await listMirrors(folder, usedPath)
        let total = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0)
        for (const { name, bytes } of mirrors.sort((a, b) => a.usedAt - b.usedAt)) {
          if (total <= maxBytes) return
          if (await isUsed(name)) continue
          // Under another name first: what is left of a removal that was cut short is no mirror.
          const aside = join(folder, `${name}.${process.pid}.${randomBytes(6).toString('hex')}.part`)
          await rename(join(folder, `${name}.git`), aside)
          await rm(aside, { recursive: true, force: true, maxRetries: 3 })
          await rm(usedPath(name), { force: true })
          total -= bytes
        }
      }),
  }
}

async function listMirrors(
  folder: string,
  usedPath: (name: string) => string,
): Promise<{ name: string; bytes: number; usedAt: number }[]> {
  const mirrors = []
  for (const entry of await readdir(folder)) {
    if (!entry.endsWith('.git')) continue
    const name = entry.slice(0, -'.git'.length)
    const usedAt = (await stat(usedPath(name)).catch(() => null))?.mtimeMs ?? 0
    mirrors.push({ name, bytes: await folderSize(join(folder, entry)), usedAt })
  }
  return mirrors
}
