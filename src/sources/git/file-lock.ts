/**
 * Locks between processes, and between machines that share a folder: a file that says whose it is and is touched while
 * it is held. One whose process is gone, or which nobody touched for two minutes, counts as left behind.
 */
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Hold {
  release(): Promise<void>
}

const touchMs = 20_000
const staleMs = 120_000
const retryMs = 50

/** Waits for the lock and holds it. */
export async function holdAlone(path: string, signal: AbortSignal): Promise<Hold> {
  for (;;) {
    signal.throwIfAborted()
    const hold = await tryHold(path)
    if (hold) return hold
    if (!(await isHeld(path))) await remove(path)
    else await sleep(retryMs, undefined, { signal })
  }
}

/** Holds a file of our own; null where somebody else made it. */
export async function tryHold(path: string): Promise<Hold | null> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(`${hostname()} ${process.pid}`)
    await file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
  const timer = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() => {})
  }, touchMs)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      await rm(path, { force: true })
    },
  }
}

/** Does somebody at work hold it? */
export async function isHeld(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    if (Date.now() - mtimeMs > staleMs) return false
    const [host, pid] = text.split(' ')
    return host !== hostname() || pid === undefined || isAlive(Number(pid))
  } catch {
    return false
  }
}

/** Takes a stale lock away, though not one that was made anew in between. */
async function remove(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
    if (await isHeld(aside)) await link(aside, path)
  } catch {
    // Another one was faster.
  }
  await rm(aside, { force: true })
}

/** Is there a process of this id on this machine? */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
