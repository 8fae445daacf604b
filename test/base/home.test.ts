import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHome } from '../../src/base/home.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-home-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('a home is its owner’s alone, also one that was open before', async () => {
  await chmod(dir, 0o755)

  await openHome(dir)

  expect((await stat(dir)).mode & 0o777).toBe(0o700)
})

test('many who ask for the local key at once get the same 32 bytes', async () => {
  const homes = await Promise.all(Array.from({ length: 20 }, () => openHome(join(dir, 'new'))))

  const keys = await Promise.all(homes.map((home) => home.localKey()))

  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
  expect(keys[0]).toHaveLength(32)
  expect(await readdir(join(dir, 'new'))).toEqual(['local.key'])
  expect((await stat(join(dir, 'new', 'local.key'))).mode & 0o777).toBe(0o600)
})

test('a damaged key file is refused and not replaced', async () => {
  await writeFile(join(dir, 'local.key'), 'short')
  const home = await openHome(dir)

  await expect(home.localKey()).rejects.toMatchObject({ code: 'config' })
})

test('a home that cannot be made says which and what to do', async () => {
  await writeFile(join(dir, 'file'), '')

  await expect(openHome(join(dir, 'file', 'home'))).rejects.toThrow('KEYRECALL_HOME')
})

test('a folder that everybody shares is refused and left as it is', async () => {
  const shared = join(dir, 'shared')
  await mkdir(shared)
  await chmod(shared, 0o1777)

  await expect(openHome(shared)).rejects.toMatchObject({ code: 'config' })

  expect((await stat(shared)).mode & 0o7777).toBe(0o1777)
})
