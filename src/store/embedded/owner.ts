/**
 * Who looks after a server: the process named in the owner file, as long as it lives. Ownership is taken by linking a
 * finished file into place, which one of several processes succeeds in; that of a dead process is taken over.
 */
import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { birthOf } from './processes.ts'

/** True: we own it now. False: a living process does, perhaps another part of this one. */
export async function takeOwnership(ownerFile: string): Promise<boolean> {
  const mine = `${ownerFile}.${randomBytes(6).toString('hex')}`
  await writeFile(mine, `${process.pid} ${await birthOf(process.pid)}`, { mode: 0o600 })
  try {
    for (;;) {
      if (await linked(mine, ownerFile)) return true
      const before = await readFile(ownerFile, 'utf8').catch(() => null)
      if (before === null) continue
      if (await isAlive(before)) return false
      await removeStale(ownerFile, before)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

export async function dropOwnership(ownerFile: string): Promise<void> {
  await rm(ownerFile, { force: true })
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

async function isAlive(owner: string): Promise<boolean> {
  const [pid, birth] = owner.split(' ', 2)
  return birth !== undefined && (await birthOf(Number(pid))) === birth
}

/** Moves the file away before it is removed: if another process was quicker, its new file is put back. */
async function removeStale(ownerFile: string, stale: string): Promise<void> {
  const aside = `${ownerFile}.${randomBytes(6).toString('hex')}`
  await rename(ownerFile, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => stale)
  if (moved !== stale) await linked(aside, ownerFile)
  await rm(aside, { force: true })
}
