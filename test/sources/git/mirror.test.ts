import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultArchiveLimits } from '../../../src/sources/archive/limits.ts'
import { defaultGitLimits } from '../../../src/sources/git/mirror.ts'
import { type GitDeps, openGit } from '../../../src/sources/git/open.ts'
import { type GitHttp, type GitHttpOptions, startGitHttp } from '../../support/git-http.ts'
import { createRepo, type GitRepo } from '../../support/git-repo.ts'
import { readUnit } from '../../support/read-unit.ts'

const run = promisify(execFile)
const signal = new AbortController().signal
let repo: GitRepo
let server: GitHttp
let cacheDir: string

beforeEach(async () => {
  repo = await createRepo()
  await repo.write('a', 'first content')
  await repo.commit('Start')
  cacheDir = join(await mkdtemp(join(tmpdir(), 'keyrecall-cache-')), 'mirrors')
})

afterEach(async () => {
  await server?.close()
  await repo.remove()
  await rm(dirname(cacheDir), { recursive: true, force: true })
})

/** The command line of every process there is. */
/** Arguments and variables. */
function allProcesses(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join('\n')
      } catch {
        // Ended meanwhile.
        return ''
      }
    })
    .join('\n')
}

/** Serves the repository and opens it by URL. */
async function open(deps: Partial<GitDeps> = {}, before?: GitHttpOptions['before']) {
  server ??= await startGitHttp({ root: dirname(repo.path), ...(before ? { before } : {}) })
  return openGit(
    {
      kind: 'git',
      location: `${server.origin}/${basename(repo.path)}`,
      repository: 'acme/shop',
      public: false,
      url: null,
    },
    {
      cacheDir,
      allowFile: false,
      httpHosts: [server.host],
      limits: defaultGitLimits,
      archive: defaultArchiveLimits,
      ...deps,
    },
  )
}

afterEach(() => {
  server = undefined as unknown as GitHttp
})

async function texts(unit: Awaited<ReturnType<typeof open>>): Promise<string[]> {
  const { blobs, problems } = await readUnit(unit)
  expect(problems).toEqual([])
  return blobs.map(({ bytes }) => bytes.toString())
}

describe('a repository by URL', () => {
  it('is mirrored with all its refs and read', async () => {
    await repo.git('checkout', '--quiet', '-b', 'side')
    await repo.write('b', 'side content')
    const commit = await repo.commit('Side')
    await repo.git('update-ref', 'refs/pull/7/head', commit)
    await repo.git('checkout', '--quiet', 'main')
    await repo.git('branch', '--quiet', '-D', 'side')

    const unit = await open()
    const { blobs } = await readUnit(unit)

    const hit = blobs.find(({ bytes }) => bytes.toString() === 'side content')
    expect(await unit.locate(hit ? [hit.place] : [], signal)).toMatchObject([
      [{ path: 'b', commit_sha: commit }],
    ])
  })

  it('is fetched, not cloned, the second time; new commits come, pruned refs go', async () => {
    await repo.git('branch', 'old')
    await texts(await open())
    const [name] = await readdir(cacheDir)
    await writeFile(join(cacheDir, name ?? '', 'marker'), '')
    await repo.git('branch', '-D', 'old')
    await repo.write('b', 'second content')
    await repo.commit('Go on')

    expect(await texts(await open())).toContain('second content')

    expect(await readdir(cacheDir)).toEqual([name])
    expect(await readdir(join(cacheDir, name ?? ''))).toContain('marker')
    const { stdout } = await run('git', [
      '--git-dir',
      join(cacheDir, name ?? ''),
      'for-each-ref',
      '--format=%(refname)',
    ])
    expect(stdout).not.toContain('old')
  })

  it('follows a branch that was rewritten', async () => {
    await texts(await open())
    await repo.write('a', 'other start')
    await repo.git('add', '-A')
    await repo.git('commit', '--quiet', '--amend', '-m', 'Other start')

    expect(await texts(await open())).toContain('other start')
  })

  it('has a state that stays while its refs do', async () => {
    const first = await (await open()).state?.(signal)
    const second = await (await open()).state?.(signal)
    await repo.git('branch', 'another')
    const third = await (await open()).state?.(signal)

    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('is kept in a folder that is nobody else’s', async () => {
    await mkdir(cacheDir, { recursive: true, mode: 0o755 })

    await texts(await open())

    // oxlint-disable-next-line no-bitwise
    expect((await stat(cacheDir)).mode & 0o777).toBe(0o700)
  })

  it('may be opened several times at once', async () => {
    const units = [await open(), await open(), await open()]

    const read = await Promise.all(units.map(texts))

    for (const one of read) expect(one).toContain('first content')
    expect(await readdir(cacheDir)).toHaveLength(1)
  })

  it('is not fetched from a host that is not public, where it came over the API', async () => {
    const unit = await open({ hosts: { allowPrivateHosts: [] } })

    await expect(readUnit(unit)).rejects.toMatchObject({ code: 'blocked_target' })

    expect(server.requests).toEqual([])
  })

  it('makes room for itself once no other mirror is in use', async () => {
    const first = await open({ cacheBytes: 0 })
    await texts(first)
    const other = await createRepo()
    try {
      await other.write('a', 'other content')
      await other.commit('Start')
      const location = `${server.origin}/${basename(other.path)}`
      const task = { kind: 'git', location, repository: 'acme/other', public: false, url: null } as const
      const deps = { cacheDir, allowFile: false, httpHosts: [server.host], archive: defaultArchiveLimits }
      const second = await openGit(task, { ...deps, cacheBytes: 0, limits: defaultGitLimits })

      expect(await texts(second)).toContain('other content')
      expect(await readdir(cacheDir)).toHaveLength(2)
      await first.close()
      await second.close()
      await texts(await open({ cacheBytes: 0 }))
      expect(await readdir(cacheDir)).toHaveLength(1)
    } finally {
      await other.remove()
    }
  })

  it('may be empty', async () => {
    const empty = await createRepo()
    await repo.remove()
    repo = empty

    expect(await texts(await open())).toEqual([])
  })

  it('is cloned anew where the mirror is damaged', async () => {
    await texts(await open())
    const [name] = await readdir(cacheDir)
    await writeFile(join(cacheDir, name ?? '', 'config'), '[core\nbroken')

    expect(await texts(await open())).toContain('first content')
  })

  it('is cloned anew after a clone that was killed, whose remains are removed', async () => {
    await texts(await open())
    const [name] = await readdir(cacheDir)
    await rm(join(cacheDir, name ?? ''), { recursive: true })
    // No process has this id: it is above the largest Linux gives.
    const left = join(cacheDir, `${name?.replace(/\.git$/, '')}.99999999.abcdef.part`)
    await mkdir(join(left, 'objects'), { recursive: true })
    await utimes(left, new Date(0), new Date(0))

    expect(await texts(await open())).toContain('first content')

    expect(await readdir(cacheDir)).toEqual([name])
  })
})

describe('the credential for a repository', () => {
  const password = ['made', 'up', 'word'].join('-')
  const expected = `Basic ${Buffer.from(`robin:${password}`).toString('base64')}`

  it('is given when its origin asks for one, and stands nowhere on disk', async () => {
    const asked: string[] = []
    const unit = await open(
      {
        credential: (url) => {
          asked.push(url)
          return { username: 'robin', password }
        },
      },
      (request, response) => {
        if (request.headers.authorization === expected) return false
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
        return true
      },
    )

    expect(await texts(unit)).toContain('first content')

    expect(asked).toEqual([server.origin])
    const [first, ...rest] = server.requests.map(({ authorization }) => authorization)
    expect(first).toBeUndefined()
    expect(new Set(rest)).toEqual(new Set([expected]))
    const { stdout } = await run('grep', ['-rlE', `${password}|${expected.slice(6)}`, cacheDir]).catch(
      (error: { stdout: string }) => error,
    )
    expect(stdout).toBe('')
  })

  it('does not follow a redirect', async () => {
    const other = await startGitHttp({ root: dirname(repo.path) })
    try {
      const unit = await open(
        { credential: () => ({ username: 'robin', password }) },
        (request, response) => {
          response.writeHead(302, { location: `${other.origin}${request.url}` }).end()
          return true
        },
      )

      await expect(readUnit(unit)).rejects.toMatchObject({ code: 'remote_refused' })

      expect(other.requests).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('is in no argument, variable or error', async () => {
    let processes = ''
    const unit = await open(
      {
        credential: () => ({ username: 'robin', password }),
        limits: { ...defaultGitLimits, timeoutMs: 1500 },
      },
      (request, response) => {
        processes += allProcesses()
        // Never answered once it has the credential.
        if (request.headers.authorization !== expected)
          response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
        return true
      },
    )

    const error: unknown = await readUnit(unit).catch((error: unknown) => error)

    expect(error).toMatchObject({ code: 'timeout', retryable: true })
    expect(server.requests.at(-1)?.authorization).toBe(expected)
    expect(processes).toContain('GIT_CONFIG_COUNT')
    for (const text of [processes, String(error), JSON.stringify(error)]) {
      expect(text).not.toContain(password)
      expect(text).not.toContain(expected.slice(6))
    }
  })
})

describe('a server that does not play along', () => {
  it.each([
    [401, 'remote_refused', false],
    [403, 'remote_refused', false],
    [404, 'not_found', false],
    [429, 'rate_limited', true],
    [500, 'remote_failed', true],
    [503, 'remote_failed', true],
  ])('status %d becomes %s', async (status, code, retryable) => {
    const unit = await open({}, (_, response) => {
      response.writeHead(status, { 'www-authenticate': 'Basic' }).end('an answer')
      return true
    })

    const error: unknown = await readUnit(unit).catch((error: unknown) => error)

    expect(error).toMatchObject({ code, retryable })
    expect(String(error)).toContain('acme/shop')
    expect(String(error)).not.toContain(server.origin)
    expect(await readdir(cacheDir)).toEqual([])
  })

  it('is not there at all', async () => {
    const unit = await open()
    await server.close()

    await expect(readUnit(unit)).rejects.toMatchObject({ code: 'remote_failed', retryable: true })
  })

  it('is given up on abort, with nothing left behind', async () => {
    const stop = new AbortController()
    const unit = await open({}, () => {
      stop.abort()
      return true
    })

    await expect(readUnit(unit, stop.signal)).rejects.toThrow()

    expect(await readdir(cacheDir)).toEqual([])
  })

  it('sends more than there is room for: it is stopped and left out, and says so each time', async () => {
    const { randomBytes } = await import('node:crypto')
    await repo.write('large', randomBytes(3 * 1024 * 1024))
    await repo.commit('Large')
    const limits = { ...defaultGitLimits, maxBytes: 1024 * 1024 }

    const unit = await open({ limits })
    const states = [await unit.state?.(signal), await unit.state?.(signal)]
    const { blobs, problems } = await readUnit(unit)

    expect(blobs).toEqual([])
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'too_large', subject: 'acme/shop' }])
    expect(states[0]).not.toBe(states[1])
    expect(await readdir(cacheDir)).toEqual([])
  })

  it('is not asked for what the history of another names', async () => {
    await repo.write('.gitmodules', `[submodule "s"]\n\tpath = s\n\turl = http://127.0.0.1:1/other.git\n`)
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},s`)
    await repo.git('add', '.gitmodules')
    await repo.git('commit', '--quiet', '-m', 'Submodule')

    await texts(await open())

    expect(server.requests.every(({ path }) => path.startsWith(`/${basename(repo.path)}/`))).toBe(true)
    expect(await readFile(join(cacheDir, (await readdir(cacheDir))[0] ?? '', 'HEAD'), 'utf8')).toContain(
      'main',
    )
  })
})
