/** `keyrecall serve` and `keyrecall tokens` as they are typed, on an embedded database of their own. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { removeEmbedded } from '../../src/store/embedded/embedded.ts'
import { type CliRun, runCli } from '../support/cli.ts'
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts'

let home: string
let service: ServiceProcess | null = null

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyrecall-serve-'))
})

afterEach(async () => {
  await service?.stop()
  service = null
  await removeEmbedded(join(home, 'postgres'))
  await rm(home, { recursive: true, force: true })
})

function run(args: readonly string[], env: Record<string, string> = {}): Promise<CliRun> {
  return runCli(args, { cwd: home, home, env })
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('serve', () => {
  test('names every setting that is wrong on a line of its own', async () => {
    const { status, stdout, stderr } = await run(['serve'], { LOG_LEVEL: 'loud', SMTP_URL: 'mail.example' })

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^ {2}LOG_LEVEL: /m)
    expect(stderr).toMatch(/^ {2}SMTP_URL: /m)
  })

  test('names a database that is not there, without the password in its URL', async () => {
    const port = await freePort()

    const { status, stderr } = await run(['serve'], {
      DATABASE_URL: `postgres://jo:open-sesame@127.0.0.1:${port}/leaks`, // keyrecall:allow
      KEYRECALL_SERVICE_KEY: randomBytes(32).toString('base64'),
    })

    expect(status).toBe(2)
    expect(stderr).toContain(`the database "127.0.0.1:${port}/leaks" cannot be reached; check DATABASE_URL`)
    expect(stderr).not.toContain('open-sesame')
  })

  test('names a Redis that is not there', async () => {
    const port = await freePort()

    const { status, stderr } = await run(['serve'], { REDIS_URL: `redis://:open-sesame@127.0.0.1:${port}` }) // keyrecall:allow

    expect(status).toBe(2)
    expect(stderr).toContain(`Redis at "127.0.0.1:${port}" cannot be reached`)
    expect(stderr).not.toContain('open-sesame')
  })

  test('keeps the first admin token for a start that succeeds', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo

    const failed = await run(['serve'], { KEYRECALL_LISTEN: `127.0.0.1:${port}` })
    taken.close()
    service = await startServiceProcess({ env: { KEYRECALL_HOME: home, KEYRECALL_LISTEN: '127.0.0.1:0' } })

    expect(failed.status).toBe(2)
    expect(failed.stderr).toContain('is the port taken?')
    expect(service.token).toMatch(/^kr_pat_/)
  })

  test('says when it starts which prefilter its scans run', async () => {
    service = await startServiceProcess({ env: { KEYRECALL_HOME: home, KEYRECALL_LISTEN: '127.0.0.1:0' } })

    const started = service
      .log()
      .split('\n')
      .find((line) => line.includes('"service started"'))

    expect(JSON.parse(started ?? '')).toMatchObject({ prefilter: expect.stringMatching(/^webassembly/) })
  })
})

describe('tokens', () => {
  test('are made, listed and revoked beside a running service', async () => {
    service = await startServiceProcess({ env: { KEYRECALL_HOME: home, KEYRECALL_LISTEN: '127.0.0.1:0' } })
    const ask = async (token: string): Promise<number> => {
      const answer = await fetch(`${service?.url}/v1/findings`, {
        headers: { authorization: `Bearer ${token}` },
      })
      await answer.body?.cancel()
      return answer.status
    }

    const made = await run(['tokens', 'create', '--scope', 'read', '--name', 'graphs'])
    const token = made.stdout.trim()
    const before = await ask(token)
    const listed = JSON.parse((await run(['tokens', 'list', '--json'])).stdout) as {
      id: string
      name: string
      scopes: string[]
      revoked_at: string | null
    }[]
    const id = listed.find((one) => one.name === 'graphs')?.id ?? ''
    const revoked = await run(['tokens', 'revoke', id])
    const table = await run(['tokens', 'list'])

    expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^kr_pat_[0-9A-Za-z]{36}\n$/) })
    expect(before).toBe(200)
    expect(listed).toMatchObject([
      { name: 'first admin token', scopes: ['admin'] },
      { name: 'graphs', scopes: ['read'], revoked_at: null },
    ])
    expect(revoked.status).toBe(0)
    expect(await ask(token)).toBe(401)
    expect(table.stdout).toMatch(new RegExp(`^${id} .*revoked +graphs$`, 'm'))
    expect(JSON.stringify([listed, table.stdout])).not.toContain(token.slice(7, 20))
    expect(await ask(service.token ?? '')).toBe(200)
  })

  test.each([
    ['no scope', ['create'], /--scope/],
    ['a scope that is none', ['create', '--scope', 'root'], /read, triage, admin/],
    ['a name of nothing', ['create', '--scope', 'read', '--name', ' '], /1 to 200 characters/],
    ['what is no id', ['revoke', 'x'], /not the id of a token/],
  ])('%s is refused with status 2', async (_, args, message) => {
    const { status, stdout, stderr } = await run(['tokens', ...args])

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('that are not there cannot be revoked', async () => {
    const id = '00000000-0000-4000-8000-000000000000'

    const { status, stderr } = await run(['tokens', 'revoke', id])

    expect(status).toBe(2)
    expect(stderr).toContain(id)
  })
})
