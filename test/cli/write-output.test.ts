import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkWritable, writeFileWhole, writeStream } from '../../src/cli/write-output.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-output-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

function* broken(): Generator<string> {
  yield 'half of it'
  throw new Error('the source broke')
}

describe('a result file', () => {
  test('is written whole, replacing what was there', async () => {
    const path = join(dir, 'out.json')
    await writeFile(path, 'old')

    await writeFileWhole(path, ['new ', 'text'])

    expect(await readFile(path, 'utf8')).toBe('new text')
    expect(await readdir(dir)).toEqual(['out.json'])
  })

  test('keeps its old content where writing fails, and nothing half written stays', async () => {
    const path = join(dir, 'out.json')
    await writeFile(path, 'old')

    await expect(writeFileWhole(path, broken())).rejects.toThrow(/could not be written/)

    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(dir)).toEqual(['out.json'])
  })

  test('that holds credentials is readable by its owner alone', async () => {
    const path = join(dir, 'out.json')

    await writeFileWhole(path, ['x'], 0o600)

    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('behind a link is replaced where it is, and the link stays', async () => {
    await mkdir(join(dir, 'real'))
    await writeFile(join(dir, 'real', 'out'), 'old')
    await symlink(join(dir, 'real', 'out'), join(dir, 'link'))

    await writeFileWhole(join(dir, 'link'), ['new'])

    expect(await readFile(join(dir, 'real', 'out'), 'utf8')).toBe('new')
    expect(new Set(await readdir(dir))).toEqual(new Set(['link', 'real']))
  })

  test('that is a pipe is written into and stays a pipe', async () => {
    const pipe = join(dir, 'pipe')
    await promisify(execFile)('mkfifo', [pipe])
    const reading = readFile(pipe, 'utf8')

    await writeFileWhole(pipe, ['through'])

    expect(await reading).toBe('through')
    expect((await stat(pipe)).isFIFO()).toBe(true)
  })

  test('is refused before the scan where it is a folder or has none', async () => {
    await expect(checkWritable(dir, '--output')).rejects.toThrow(/--output .* is a directory/)
    await expect(checkWritable(join(dir, 'no', 'out'), '--stats')).rejects.toThrow(/there is no directory/)
    await expect(checkWritable(join(dir, 'out'), '--output')).resolves.toBeUndefined()
  })
})

describe('standard output', () => {
  function failing(code: string): Writable {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
    })
    stream.on('error', () => {})
    return stream
  }

  test('whose reader went away ends the writing without an error', async () => {
    await expect(writeStream(failing('EPIPE'), ['a', 'b'])).resolves.toBeUndefined()
  })

  test('that cannot take the results is an error', async () => {
    await expect(writeStream(failing('ENOSPC'), ['a'])).rejects.toThrow(/could not be written/)
  })
})
