/** The embedded server's life: started, found again, taken over, killed, and gone without a trace. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { createPool, type PoolSettings } from '../../src/store/database.ts'
import { removeEmbedded, startEmbedded } from '../../src/store/embedded/embedded.ts'
import { findPostmaster } from '../../src/store/embedded/postmaster-pid.ts'
import { chooseUser } from '../../src/store/embedded/run-as.ts'
import { testSystemBinaries } from '../support/system-binaries.ts'

const log = createLog({ level: 'silent' })
const binaries = await testSystemBinaries()
let dir: string
let dataDir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-emb-'))
  await chmod(dir, 0o755)
  dataDir = join(dir, 'pg')
})
afterEach(async () => {
  await removeEmbedded(dataDir)
  await rm(dir, { recursive: true, force: true })
})

function start(where = dataDir) {
  return startEmbedded({ dataDir: where, log, sync: false, ...(binaries ? { binaries } : {}) })
}

async function query(settings: PoolSettings, text: string): Promise<Record<string, unknown>[]> {
  const pool = createPool({ ...settings, max: 1 }, log)
  try {
    return (await pool.query(text)).rows
  } finally {
    await pool.end()
  }
}

async function postmasterPid(data: string): Promise<number> {
  return (await findPostmaster(data))?.pid ?? 0
}

describe('an embedded server', () => {
  test('keeps its rows over a restart and leaves no process and no socket', async () => {
    const first = await start()
    await query(first.pool, 'create table t as select 1 as a')
    await first.stop()
    const stopped = await findPostmaster(first.dataDir)
    const second = await start()
    const rows = await query(second.pool, 'select a from t')
    await second.stop()

    expect(rows).toEqual([{ a: 1 }])
    expect(stopped).toBeNull()
    expect((await readdir(dir)).filter((name) => name.endsWith('.run') || name.endsWith('.owner'))).toEqual(
      [],
    )
  })

  test('listens on no port, refuses a wrong password, keeps its own in a file of mode 0600', async () => {
    const server = await start()

    const [listening] = await query(server.pool, 'show listen_addresses')
    const wrong = query({ ...server.pool, password: 'wrong' }, 'select 1')

    expect(listening).toEqual({ listen_addresses: '' })
    await expect(wrong).rejects.toThrow('password authentication failed')
    expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600)
    await server.stop()
  })

  test('that runs is attached to by a second start, whose stop leaves it running', async () => {
    const owner = await start()

    const guest = await start()
    await guest.stop()

    expect([owner.attached, guest.attached]).toEqual([false, true])
    expect(await query(guest.pool, 'select 1 as a')).toEqual([{ a: 1 }])
    await owner.stop()
  })

  test('is made once by starts that race', async () => {
    const servers = await Promise.all([start(), start(), start()])

    expect(servers.filter((server) => !server.attached)).toHaveLength(1)
    for (const server of servers) expect(await query(server.pool, 'select 1 as a')).toEqual([{ a: 1 }])
    for (const server of servers) await server.stop()
  })

  test('left behind by a killed process is adopted, and then ended by stop', async () => {
    await start().then((server) => server.stop())
    const child = await startInChild()
    const pid = await postmasterPid(child.data)
    child.process.kill('SIGKILL')
    await once(child.process, 'exit')

    const adopted = await start()

    expect(adopted.attached).toBe(false)
    expect(await postmasterPid(adopted.dataDir)).toBe(pid)
    await adopted.stop()
    expect(await findPostmaster(adopted.dataDir)).toBeNull()
  })

  test('killed with SIGKILL is started again and has what was committed', { timeout: 120_000 }, async () => {
    const server = await start()
    const pool = createPool(server.pool, log)
    await pool.query('create table t (a integer)')
    await pool.query('insert into t values (1)')
    const before = await postmasterPid(server.dataDir)

    process.kill(before, 'SIGKILL')

    // Sessions of the dead server answer for a moment longer.
    await vi.waitFor(
      async () => expect([0, before]).not.toContain(await postmasterPid(server.dataDir)),
      50_000,
    )
    await vi.waitFor(
      async () => expect((await pool.query('select a from t')).rows).toEqual([{ a: 1 }]),
      50_000,
    )
    await pool.end()
    await server.stop()
  })

  test('starts beside a stale pid file whose number went to another process', async () => {
    const first = await start()
    await first.stop()
    const { uid, gid } = await chooseUser()
    const other = spawn('sleep', ['600'], uid === null || gid === null ? {} : { uid, gid })
    const lines = [other.pid, first.dataDir, 0, 5432, '/nowhere', '', '', 'ready', '']
    await writeFile(join(first.dataDir, 'postmaster.pid'), lines.join('\n'))

    const second = await start()

    expect(await query(second.pool, 'select 1 as a')).toEqual([{ a: 1 }])
    expect(other.exitCode).toBeNull()
    await second.stop()
    other.kill()
    await once(other, 'exit')
  })

  test('of another major version is refused with a way out', async () => {
    await start().then((server) => server.stop())
    await writeFile(join(dataDir, 'PG_VERSION'), '9\n')

    const starting = start()

    await expect(starting).rejects.toMatchObject({ code: 'config' })
    await expect(starting).rejects.toThrow('PostgreSQL 9')
    expect(await readdir(dir)).not.toContain('pg.owner')
  })

  test('in a folder with a very long name has its socket elsewhere', async () => {
    const long = join(dir, 'x'.repeat(120), 'pg')
    const server = await start(long)

    expect(Buffer.byteLength(`${server.pool.host}/.s.PGSQL.5432`)).toBeLessThanOrEqual(107)
    expect(await query(server.pool, 'select 1 as a')).toEqual([{ a: 1 }])
    await server.stop()
    await expect(stat(server.pool.host ?? '')).rejects.toThrow('ENOENT')
    await removeEmbedded(long)
  })

  test('works in a home that only its owner may enter', async () => {
    const closed = await mkdtemp(join(dir, 'closed-'))
    const server = await start(join(closed, 'pg'))

    expect(await query(server.pool, 'select 1 as a')).toEqual([{ a: 1 }])
    await server.stop()
    await removeEmbedded(join(closed, 'pg'))
    await expect(lstat(server.dataDir)).rejects.toThrow('ENOENT')
  })
})

/** Another process of node that starts the server and waits to be killed. */
async function startInChild() {
  const script = fileURLToPath(new URL('../support/start-embedded.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { process: child, data: line.toString().trim() }
}

test('the password file is not readable text of the log', async () => {
  const server = await start()
  const password = await readFile(`${dataDir}.password`, 'utf8')
  await server.stop()

  expect(await readFile(`${server.dataDir}.log`, 'utf8')).not.toContain(password)
})
