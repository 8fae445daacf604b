import { execFileSync } from 'node:child_process'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/model/blob.ts'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { fileBlob } from '../../../src/sources/files/file-blob.ts'
import { type FilesDeps, openPath, openStdin } from '../../../src/sources/files/open.ts'
import { bytesOf, readUnit } from '../../support/read-unit.ts'

const signal = new AbortController().signal
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-files-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function read(path = folder, deps: Partial<FilesDeps> = {}) {
  return readUnit(await openPath({ kind: 'path', path }, { archive: defaultArchiveLimits, ...deps }))
}

/** Paths below the folder, in the order they came. */
function paths(unit: Awaited<ReturnType<typeof read>>): string[] {
  return unit.blobs.map(({ place }) => place.path.slice(folder.length + 1))
}

async function write(path: string, content: string | Buffer = path): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), content)
}

describe('a folder', () => {
  it('gives its files in the order of their names, with their bytes', async () => {
    for (const path of ['b/z', 'b/a', 'B', 'a', 'c/d/e']) await write(path)

    const unit = await read()

    expect(paths(unit)).toEqual(['B', 'a', 'b/a', 'b/z', 'c/d/e'])
    expect(unit.blobs.map(({ bytes }) => bytes.toString())).toEqual(['B', 'a', 'b/a', 'b/z', 'c/d/e'])
    expect(unit.blobs[0]?.place).toEqual({ type: 'file', path: join(folder, 'B') })
    expect(unit.problems).toEqual([])
  })

  it('gives nothing when it is empty', async () => {
    expect(await read()).toEqual({ blobs: [], problems: [] })
  })

  it('is not left by a link, nor gone round in for ever', async () => {
    await write('real/file')
    await symlink('/etc', join(folder, 'out'))
    await symlink('/etc/hostname', join(folder, 'out-file'))
    await symlink('..', join(folder, 'real', 'loop'))
    await symlink('nowhere', join(folder, 'dangling'))

    const unit = await read()

    expect(paths(unit)).toEqual(['real/file'])
    expect(unit.problems.map(({ subject }) => subject.slice(folder.length + 1))).toEqual([
      'dangling',
      'out',
      'out-file',
      'real/loop',
    ])
    for (const problem of unit.problems)
      expect(problem).toMatchObject({ problem: 'skipped', code: 'special_file' })
  })

  it('with a FIFO or a socket in it is read past them, without waiting', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo')])
    const server: Server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve))
    await write('z')

    const unit = await read().finally(() => server.close())

    expect(paths(unit)).toEqual(['z'])
    expect(unit.problems).toMatchObject([
      {
        problem: 'skipped',
        code: 'special_file',
        subject: join(folder, 'fifo'),
        message: expect.stringContaining('FIFO') as string,
      },
      {
        problem: 'skipped',
        code: 'special_file',
        subject: join(folder, 'socket'),
        message: expect.stringContaining('socket') as string,
      },
    ])
  })

  it('may hold names that are not UTF-8, or odd', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff])]), 'bytes')
    await mkdir(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xfe])]))
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xfe]), Buffer.from('/in')]),
      'inside',
    )
    await write('new\nline')

    const unit = await read()

    expect(paths(unit)).toEqual(['a\ufffd', 'b\ufffd/in', 'new\nline'])
    expect(unit.blobs.map(({ bytes }) => bytes.toString())).toEqual(['bytes', 'inside', 'new\nline'])
  })

  it('is scanned without what git keeps, but with the config people write', async () => {
    await write('a')
    await write('.git/config', 'the config')
    await write('.git/objects/ab/cdef')
    await write('sub/.git', 'gitdir: ../.git/modules/sub')

    const unit = await read()

    expect(paths(unit)).toEqual(['.git/config', 'a', 'sub/.git'])
    expect(unit.problems).toMatchObject([
      { problem: 'skipped', code: 'git_folder', subject: join(folder, '.git') },
    ])
  })

  it('is scanned without what is excluded, folders with all they hold', async () => {
    for (const path of ['a', 'node_modules/x/y', 'deep/skip.png']) await write(path)
    const asked: string[] = []

    const unit = await read(folder, {
      excluded: (path) => {
        asked.push(path)
        return path === 'node_modules' || path.endsWith('.png')
      },
    })

    expect(paths(unit)).toEqual(['a'])
    expect(unit.problems).toMatchObject([
      { problem: 'skipped', code: 'excluded', subject: join(folder, 'deep/skip.png') },
      { problem: 'skipped', code: 'excluded', subject: join(folder, 'node_modules') },
    ])
    expect(asked).not.toContain('node_modules/x')
  })

  it('may be named by a link, which is followed as it was meant', async () => {
    await write('real/file')
    await symlink('real', join(folder, 'link'))

    expect((await read(join(folder, 'link'))).blobs).toMatchObject([
      { place: { path: join(folder, 'link', 'file') } },
    ])
  })

  it('reports what it may not read and goes on', async () => {
    await write('closed')
    await write('closed-folder/file')
    await write('open')
    await chmod(join(folder, 'closed'), 0)
    await chmod(join(folder, 'closed-folder'), 0)
    await chmod(folder, 0o755)
    const asRoot = process.geteuid?.() === 0
    // Root may read everything, so somebody else does the reading.
    if (asRoot) process.seteuid?.(65534)
    const unit = await read().finally(() => {
      if (asRoot) process.seteuid?.(0)
    })
    await chmod(join(folder, 'closed-folder'), 0o700)

    expect(paths(unit)).toEqual(['open'])
    expect(unit.problems).toMatchObject([
      { problem: 'error', code: 'unreadable', subject: join(folder, 'closed') },
      { problem: 'error', code: 'unreadable', subject: join(folder, 'closed-folder') },
    ])
  })
})

describe('a file', () => {
  it('is one blob under the name that was given', async () => {
    await write('a', 'content')

    const unit = await read(join(folder, 'a'))

    expect(unit.blobs).toMatchObject([{ place: { path: join(folder, 'a') } }])
  })

  it('that is not there, or under a file, is not found', async () => {
    await write('a')

    for (const path of [join(folder, 'none'), join(folder, 'a', 'b')]) {
      await expect(read(path)).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('that is a FIFO or a device is skipped, without waiting', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo')])

    for (const path of [join(folder, 'fifo'), '/dev/zero']) {
      expect(await read(path)).toMatchObject({
        blobs: [],
        problems: [{ problem: 'skipped', code: 'special_file' }],
      })
    }
  })

  it('that becomes a link after it was listed is not followed', async () => {
    await write('a')
    await unlink(join(folder, 'a'))
    await symlink('/etc/hostname', join(folder, 'a'))

    const opening = fileBlob(Buffer.from(join(folder, 'a')), { type: 'file', path: 'a' })

    await expect(opening).rejects.toMatchObject({ code: 'special_file' })
  })

  it('larger than a chunk and one with holes come whole', async () => {
    await write('large', Buffer.alloc(700_000, 'x'))
    await write('sparse', '')
    await truncate(join(folder, 'sparse'), 3_000_000)

    const unit = await read()

    expect(unit.blobs[0]?.bytes.equals(Buffer.alloc(700_000, 'x'))).toBe(true)
    expect(unit.blobs[1]?.bytes.equals(Buffer.alloc(3_000_000))).toBe(true)
  })

  it('that states no size is read to its end', async () => {
    const unit = await read('/proc/self/status')

    expect(unit.blobs[0]?.bytes.toString()).toContain('Name:')
  })

  it('can be read again, and by range', async () => {
    await write('a', '0123456789')
    const unit = await openPath({ kind: 'path', path: folder }, { archive: defaultArchiveLimits })
    const texts: string[] = []
    for await (const item of unit.blobs(signal)) {
      if (isProblem(item)) continue
      texts.push((await bytesOf(item)).toString(), (await bytesOf(item)).toString())
      texts.push(
        (await item.read?.(2, 5, signal))?.toString() ?? '',
        (await item.read?.(8, 50, signal))?.toString() ?? '',
      )
    }

    expect(texts).toEqual(['0123456789', '0123456789', '234', '89'])
  })

  it('stops being read when it is told to', async () => {
    await write('large', Buffer.alloc(2_000_000))
    const stop = new AbortController()
    const unit = await openPath({ kind: 'path', path: folder }, { archive: defaultArchiveLimits })
    async function readSome(): Promise<void> {
      for await (const item of unit.blobs(stop.signal)) {
        if (isProblem(item)) continue
        for await (const _ of item.open(stop.signal)) stop.abort()
      }
    }

    await expect(readSome()).rejects.toThrow()
  })

  it('leaves no descriptor open, read or not', async () => {
    for (let index = 0; index < 20; index++) await write(`f${index}`, 'x'.repeat(index * 100_000))
    const unit = await openPath({ kind: 'path', path: folder }, { archive: defaultArchiveLimits })
    let count = 0
    for await (const item of unit.blobs(signal)) {
      count += 1
      if (isProblem(item) || count % 2 === 0) continue
      for await (const _ of item.open(signal)) break
    }

    const links = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    )
    expect(count).toBe(20)
    expect(links.filter((link) => link.startsWith(folder))).toEqual([])
  })
})

describe('standard input', () => {
  it('is one blob', async () => {
    const unit = openStdin(
      { archive: defaultArchiveLimits },
      Readable.from([Buffer.from('ab'), Buffer.from('cd')]),
    )

    const { blobs } = await readUnit(unit)
    await unit.close()

    expect(blobs).toMatchObject([{ place: { type: 'stdin', path: '-' } }])
    expect(blobs[0]?.bytes.toString()).toBe('abcd')
  })

  it('is unpacked where it is an archive', async () => {
    const unit = openStdin({ archive: defaultArchiveLimits }, Readable.from([gzipSync('inside')]))

    expect((await readUnit(unit)).blobs[0]?.bytes.toString()).toBe('inside')
  })
})
