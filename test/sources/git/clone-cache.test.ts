import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCloneCache } from '../../../src/sources/git/clone-cache.ts'

const signal = new AbortController().signal
let top: string
let folder: string

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'keyrecall-cache-'))
  folder = join(top, 'mirrors')
  await mkdir(folder)
})

afterEach(() => rm(top, { recursive: true, force: true }))

/** A mirror of a thousand bytes, used so many minutes ago. */
async function mirror(name: string, minutesAgo: number): Promise<void> {
  await mkdir(join(folder, `${name}.git`))
  await writeFile(join(folder, `${name}.git`, 'pack'), Buffer.alloc(1000))
  await (await createCloneCache(folder).use(name, signal)).release()
  const then = new Date(Date.now() - minutesAgo * 60_000)
  await utimes(join(`${folder}.locks`, `${name}.used`), then, then)
}

async function left(): Promise<string[]> {
  return (await readdir(folder)).sort()
}

describe('the clone cache', () => {
  it('removes what was used longest ago until the rest fits', async () => {
    await mirror('old', 30)
    await mirror('older', 40)
    await mirror('new', 1)

    await createCloneCache(folder).trim(2000, signal)

    expect(await left()).toEqual(['new.git', 'old.git'])
  })

  it('removes nothing while all fits', async () => {
    await mirror('a', 30)
    await mirror('b', 40)

    await createCloneCache(folder).trim(2000, signal)

    expect(await left()).toEqual(['a.git', 'b.git'])
  })

  it('leaves what somebody uses, however old, and takes it once they are done', async () => {
    await mirror('used', 40)
    await mirror('idle', 30)
    const cache = createCloneCache(folder)
    const hold = await cache.use('used', signal)
    const then = new Date(0)
    await utimes(join(`${folder}.locks`, 'used.used'), then, then)

    await cache.trim(0, signal)
    const during = await left()
    await hold.release()
    await cache.trim(0, signal)

    expect(during).toEqual(['used.git'])
    expect(await left()).toEqual([])
  })

  it.each([
    // No process has this id: it is above the largest Linux gives.
    ['whose process is gone', `${hostname()} 99999999`, 0],
    ['that nobody touched for long, from another machine', 'elsewhere.example 1', 10],
  ])('does not wait for a lock %s', async (_, owner, minutesAgo) => {
    await mirror('a', 1)
    const locks = `${folder}.locks`
    for (const name of ['a.lease.1', 'a.lock', 'cache.lock']) {
      await writeFile(join(locks, name), owner)
      const then = new Date(Date.now() - minutesAgo * 60_000)
      await utimes(join(locks, name), then, then)
    }
    const cache = createCloneCache(folder)

    await cache.alone('a', signal, async () => {})
    await cache.trim(0, signal)

    expect(await left()).toEqual([])
    expect(await readdir(locks)).toEqual([])
  })

  it('takes the lock of another machine for held while it is touched', async () => {
    await mirror('a', 1)
    await writeFile(join(`${folder}.locks`, 'a.lease.1'), 'elsewhere.example 1')

    await createCloneCache(folder).trim(0, signal)

    expect(await left()).toEqual(['a.git'])
  })

  it('lets one change a mirror at a time', async () => {
    const cache = createCloneCache(folder)
    let inside = 0
    let most = 0

    await Promise.all(
      [1, 2, 3].map(() =>
        cache.alone('a', signal, async () => {
          inside += 1
          most = Math.max(most, inside)
          await new Promise((resolve) => setImmediate(resolve))
          inside -= 1
        }),
      ),
    )

    expect(most).toBe(1)
  })

  it('stops waiting when told to', async () => {
    const cache = createCloneCache(folder)
    const stop = new AbortController()

    await cache.alone('a', signal, async () => {
      const waiting = cache.alone('a', stop.signal, async () => {})
      stop.abort()
      await expect(waiting).rejects.toThrow()
    })
  })
})
