import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { defaultGitLimits } from '../../../src/sources/git/mirror.ts'
import { openGit } from '../../../src/sources/git/open.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'
import { readUnit } from '../../support/read-unit.ts'

let repo: GitRepo
let folder: string
let marker: string
let trap: string

beforeEach(async () => {
  repo = await createRepo()
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-trap-'))
  marker = join(folder, 'marker')
  trap = join(folder, 'trap.sh')
  await writeFile(trap, `#!/bin/sh\ntouch ${marker}\n`)
  await chmod(trap, 0o755)
  await repo.write('a', 'needle')
  await repo.commit('Start')
})

afterEach(async () => {
  await repo.remove()
  await rm(folder, { recursive: true, force: true })
})

function open(location: string) {
  return openGit(
    { kind: 'git', location, repository: 'hostile', public: false, url: null },
    {
      cacheDir: join(folder, 'cache'),
      allowFile: true,
      limits: { ...defaultGitLimits, timeoutMs: 20_000 },
      archive: defaultArchiveLimits,
    },
  )
}

async function wasSprung(): Promise<boolean> {
  return stat(marker).then(
    () => true,
    () => false,
  )
}

/** Reads all and locates all, as a scan with hits everywhere would. */
async function scanAll(): Promise<void> {
  const unit = await open(repo.path)
  const { blobs } = await readUnit(unit)
  expect(blobs.map(({ bytes }) => bytes.toString())).toContain('needle')
  const places = await unit.locate(
    blobs.map(({ place }) => place),
    new AbortController().signal,
  )
  expect(places.flat()).toContainEqual(expect.objectContaining({ path: 'a' }))
}

describe('a scanned repository runs nothing', () => {
  it('by its hooks', async () => {
    const hooks = join(repo.path, '.git', 'hooks')
    await mkdir(hooks, { recursive: true })
    for (const name of [
      'reference-transaction',
      'post-checkout',
      'pre-auto-gc',
      'fsmonitor-watchman',
      'post-index-change',
    ]) {
      await writeFile(join(hooks, name), `#!/bin/sh\ntouch ${marker}\n`)
      await chmod(join(hooks, name), 0o755)
    }

    await scanAll()

    expect(await wasSprung()).toBe(false)
  })

  it.each([
    'core.fsmonitor',
    'core.sshCommand',
    'core.gitProxy',
    'core.askPass',
    'core.pager',
    'core.editor',
    'core.alternateRefsCommand',
    'credential.helper',
    'diff.external',
    'diff.trap.command',
    'diff.trap.textconv',
    'filter.trap.smudge',
    'filter.trap.clean',
    'filter.trap.process',
    'pager.log',
    'pager.cat-file',
    'uploadpack.packObjectsHook',
    'remote.origin.uploadpack',
    'alias.log',
    'alias.cat-file',
    'gc.recentObjectsHook',
    'interactive.diffFilter',
  ])('by its setting %s', async (key) => {
    await repo.git('config', key, key.startsWith('alias.') ? `!${trap}` : trap)
    await writeFile(join(repo.path, '.git', 'info-attributes'), '')
    await repo.write('.gitattributes', '* diff=trap filter=trap merge=trap\n')
    await mkdir(join(repo.path, '.git', 'info'), { recursive: true })
    await writeFile(join(repo.path, '.git', 'info', 'attributes'), '* diff=trap filter=trap\n')

    await scanAll()

    expect(await wasSprung()).toBe(false)
  })

  it('by the program that checks its signatures', async () => {
    const signed = `tree ${await repo.git('rev-parse', 'HEAD^{tree}')}
author R <r@example.com> 1767225600 +0000
committer R <r@example.com> 1767225600 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 
 made up
 -----END PGP SIGNATURE-----

Signed
`
    await writeFile(join(folder, 'commit'), signed)
    const id = await repo.git('hash-object', '-t', 'commit', '-w', join(folder, 'commit'))
    await repo.git('update-ref', 'refs/heads/signed', id)
    await repo.git('config', 'log.showSignature', 'true')
    await repo.git('config', 'gpg.program', trap)
    // The trap works: plain git falls into it.
    await repo.git('log', '-1', 'signed')
    expect(await wasSprung()).toBe(true)
    await rm(marker)

    await scanAll()

    expect(await wasSprung()).toBe(false)
  })

  it('by what it would fetch the missing objects of a partial clone with', async () => {
    await repo.write('a', 'other')
    await repo.commit('Other')
    await repo.git('config', 'uploadpack.allowFilter', 'true')
    const partial = join(folder, 'partial')
    await repo.git('clone', '--quiet', '--bare', '--filter=tree:0', `file://${repo.path}`, partial)
    await repo.git('--git-dir', partial, 'config', 'remote.origin.url', `ext::${trap}`)
    await repo.git('--git-dir', partial, 'config', 'protocol.ext.allow', 'always')
    await repo.git('--git-dir', partial, 'config', 'protocol.allow', 'always')
    // The trap works: plain git falls into it.
    await repo.git('--git-dir', partial, 'log', '--raw').catch(() => '')
    expect(await wasSprung()).toBe(true)
    await rm(marker)

    const unit = await open(partial)
    const { problems } = await readUnit(unit)
    await unit.locate([{ type: 'commit', path: '', blob_sha: '1'.repeat(40) }], new AbortController().signal)

    expect(problems).toContainEqual(expect.objectContaining({ problem: 'error', code: 'unreadable' }))
    expect(await wasSprung()).toBe(false)
  })
})

describe('a location runs nothing', () => {
  it.each([
    (trap: string) => `--upload-pack=${trap}`,
    (trap: string) => `--upload-pack=touch ${trap}`,
    (trap: string) => `-u${trap}`,
    (trap: string) => `ext::sh -c ${trap}`,
    (trap: string) => `ext::${trap}`,
    (trap: string) => `ssh://-oProxyCommand=${trap}/x`,
    (trap: string) => `-oProxyCommand=${trap}@host:x`,
    (trap: string) => `https://-c${trap}@host/x`,
  ])('location %#', async (make) => {
    await expect(open(make(trap))).rejects.toMatchObject({
      code: expect.stringMatching(/usage|blocked_target/) as string,
    })

    expect(await wasSprung()).toBe(false)
  })
})
