import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLocation } from '../../../src/sources/git/location.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'

let repo: GitRepo
let folder: string

beforeAll(async () => {
  repo = await createRepo()
  await repo.write('a', 'a')
  await repo.commit('Start')
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-location-'))
})

afterAll(async () => {
  await repo.remove()
  await rm(folder, { recursive: true })
})

describe('a location that is refused', () => {
  it.each([
    ['', 'usage'],
    ['-', 'usage'],
    ['--upload-pack=touch /tmp/marker', 'usage'],
    ['-u./x', 'usage'],
    ['https://git.example.com/a.git\n--config', 'usage'],
    ['https://git.example.com/a\0.git', 'usage'],
    ['https://', 'usage'],
    ['https://git.example.com/a.git?x=1', 'usage'],
    ['https://git.example.com/a.git#x', 'usage'],
    ['http://git.example.com/a.git', 'blocked_target'],
    ['HTTP://git.example.com/a.git', 'blocked_target'],
    ['http://allowed.example.com:8080/a.git', 'blocked_target'],
    ['ext::sh -c touch% /tmp/marker', 'blocked_target'],
    ['fd::17/foo', 'blocked_target'],
    ['ssh://git.example.com/a.git', 'blocked_target'],
    ['git://git.example.com/a.git', 'blocked_target'],
    ['ftp://git.example.com/a.git', 'blocked_target'],
    ['javascript:x', 'blocked_target'],
    ['git@git.example.com:a/b.git', 'blocked_target'],
    ['/nowhere/at/all', 'not_found'],
    ['file:///nowhere/at/all', 'not_found'],
    ['file://other.example.com/a', 'usage'],
  ])('%s', async (location, code) => {
    await expect(
      readLocation(location, { allowFile: true, httpHosts: ['allowed.example.com'] }),
    ).rejects.toMatchObject({ code })
  })

  it('is this machine without TLS, unless that is allowed', async () => {
    for (const host of ['127.0.0.1:81', 'localhost', '[::1]:8080', '127.9.9.9']) {
      const location = `http://${host}/a.git`

      await expect(readLocation(location, { allowFile: true })).rejects.toMatchObject({
        code: 'blocked_target',
      })
      expect(await readLocation(location, { allowFile: true, allowLoopback: true })).toMatchObject({
        kind: 'remote',
        protocol: 'http',
      })
    }
  })

  it.each([
    'http://127.0.0.1.example.com/a.git',
    'http://localhost.example.com/a.git',
    'http://10.0.0.1/a.git',
  ])('is %s where only this machine is allowed', async (location) => {
    await expect(readLocation(location, { allowFile: true, allowLoopback: true })).rejects.toMatchObject({
      code: 'blocked_target',
    })
  })

  it('is every path where paths are not allowed', async () => {
    for (const location of [repo.path, `file://${repo.path}`, '.']) {
      await expect(readLocation(location, { allowFile: false })).rejects.toMatchObject({
        code: 'blocked_target',
      })
    }
  })

  it('is a URL with a credential, which the message does not repeat', async () => {
    const password = ['hush', 'hush'].join('')

    const error = await readLocation(`https://robin:${password}@git.example.com/a.git`, {
      allowFile: true,
    }).catch((error: unknown) => error)

    expect(error).toMatchObject({ code: 'usage' })
    expect(String(error)).not.toContain(password)
    expect(String(error)).not.toContain('robin')
  })

  it('is a file that claims to be a repository of another kind', async () => {
    await writeFile(join(folder, '.git'), 'gitdir: ../nowhere\n')

    await expect(readLocation(folder, { allowFile: true })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a location that is taken', () => {
  it('is an https URL', async () => {
    expect(await readLocation('https://git.example.com/a/b.git', { allowFile: false })).toEqual({
      kind: 'remote',
      href: 'https://git.example.com/a/b.git',
      origin: 'https://git.example.com',
      protocol: 'https',
    })
  })

  it('is an http URL of a host that is allowed by name and port', async () => {
    const rules = { allowFile: false, httpHosts: ['git.example.com:8080'] }

    expect(await readLocation('http://git.example.com:8080/a.git', rules)).toMatchObject({ protocol: 'http' })
  })

  it('is the top folder of a working tree, its git folder, a file URL, a link to it or a linked worktree', async () => {
    const gitDir = join(repo.path, '.git')
    await symlink(repo.path, join(folder, 'link'))
    await repo.git('worktree', 'add', '--quiet', join(folder, 'linked'))

    for (const location of [repo.path, gitDir, `file://${repo.path}`, join(folder, 'link')]) {
      expect(await readLocation(location, { allowFile: true })).toEqual({ kind: 'local', gitDir })
    }
    expect(await readLocation(join(folder, 'linked'), { allowFile: true })).toEqual({
      kind: 'local',
      gitDir: join(gitDir, 'worktrees', 'linked'),
    })
  })
})
