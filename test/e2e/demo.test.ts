/** `keyrecall demo` as it is built and typed: what it prints, how it ends, and that nothing of it stays behind. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApiClient } from '../../src/demo/client.ts'
import type { DemoEvidence, SeenFinding } from '../../src/demo/evidence.ts'
import { breakable } from '../../src/demo/run.ts'
import { jsonLines, runCli } from '../support/cli.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

interface DemoJson extends DemoEvidence {
  ok: boolean
  failed_step: string | null
  message: string | null
  second_run: { findings: number; webhooks: number; mails: number } | null
  urls?: Record<'api' | 'github_api' | 'organisation_repository', string>
  tokens?: Record<'api' | 'github', string>
}

/** Everything the demo keeps is under its TMPDIR, so that what is left of it can be seen. */
let temporary: string
let kept: DemoProcess | null = null

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'keyrecall-demo-test-'))
})

afterEach(async () => {
  await kept?.stop()
  kept = null
  await rm(temporary, { recursive: true, force: true })
})

async function demo(...args: readonly string[]) {
  const run = await runCli(['demo', ...args], { cwd: temporary, home: temporary, env: { TMPDIR: temporary } })
  const result = run.stdout.startsWith('{') ? (JSON.parse(run.stdout) as DemoJson) : null
  return { ...run, result }
}

function counts(number: number) {
  return { planted: number, found: number, disabled: number, mailed: number, decoys_touched: 0 }
}

const nothingMore = { findings: 0, webhooks: 0, mails: 0 }

describe('the demo', () => {
  it('disables every leak, tells every owner, touches no decoy and adds nothing the second time', async () => {
    const { status, stdout, stderr, result } = await demo('--json')

    expect(result).toMatchObject({
      ...counts(16),
      ok: true,
      failed_step: null,
      message: null,
      second_run: nothingMore,
    })
    expect(result?.credentials.map((one) => one.issuer_record?.deliveries.length)).toEqual(Array(16).fill(1))
    expect(status).toBe(0)
    expect(stdout.trimEnd()).not.toContain('\n')
    expect(stderr).toContain('running the schedule again')
    expect(leftovers()).toEqual([])
  })

  it('plants what it is asked to, by seed and number', async () => {
    const { status, result } = await demo('--json', '--seed', '7', '--leaks', '40')

    expect(result).toMatchObject({ ...counts(40), second_run: nothingMore })
    expect(new Set(result?.credentials.map((one) => one.fingerprint)).size).toBe(40)
    expect(status).toBe(0)
  })

  it('tells a person the same in a table', async () => {
    const { status, stdout, stderr } = await demo('--leaks', '1')

    expect(stdout).toMatch(/^CREDENTIAL +CHECK +ISSUER +STATE +MAILED +AFTER +LEAKED IN/)
    expect(stdout).toContain('1 planted, 1 found, 1 disabled, 1 owners told, 0 decoys touched')
    expect(stdout).toContain('Every planted credential is disabled')
    // Escapes are for terminals.
    expect(`${stdout}${stderr}`).not.toContain('\x1b')
    expect(status).toBe(0)
  })

  it.each(breakable)('with a broken %s ends with status 1 and names it', async (part) => {
    const { status, result } = await demo('--json', '--leaks', '4', '--break', part)

    expect(result).toMatchObject({ ok: false, failed_step: part, decoys_touched: 0, second_run: null })
    expect(result?.message).not.toBe('')
    expect(status).toBe(1)
    expect(leftovers()).toEqual([])
  })

  it.each([
    ['a number that is none', ['--seed', 'x'], /whole number/],
    ['no leaks', ['--leaks', '0'], /at least 1/],
    ['a part that cannot break', ['--break', 'everything'], /issuer, signature, mail, worker, checksum/],
    ['an option that is none', ['--fast'], /unknown option/],
    ['a word too many', ['now'], /too many arguments/],
  ])('refuses %s with status 2 before anything starts', async (_, args, message) => {
    const { status, stdout, stderr } = await demo(...args)

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('starting')
  })

  it('leaves nothing when it is interrupted in the middle', async () => {
    kept = startDemoProcess(['--json'], temporary)
    await kept.said(/waiting for the schedule/)

    expect(await kept.stop()).toBe(2)

    expect(kept.stdout()).toBe('')
    expect(kept.stderr()).toContain('interrupted')
    expect(leftovers()).toEqual([])
  })

  it('is kept until Ctrl-C, and its repositories hold what the service found in them', async () => {
    kept = startDemoProcess(['--json', '--keep'], temporary)
    await kept.said(/Ctrl-C ends all of it/)
    const { urls, tokens } = JSON.parse(kept.stdout()) as DemoJson
    const client = createApiClient(urls?.api ?? '', tokens?.api ?? '')
    const findings = await client.all<SeenFinding>('/v1/findings?per_page=100')
    const home = join(temporary, 'home')
    const scan = (url: string, env: Record<string, string>) =>
      runCli(['scan', `git:${url}`, '--format', 'jsonl'], { cwd: temporary, home, env })

    const open = urls?.organisation_repository ?? ''
    const byUrl = await scan(open, {})
    const byToken = await scan(open.replace('storefront', 'payments'), {
      GITHUB_API_URL: urls?.github_api ?? '',
      GITHUB_TOKEN: tokens?.github ?? '',
    })
    await rm(home, { recursive: true })

    expect([byUrl.status, byToken.status]).toEqual([1, 1])
    expect(comparable(jsonLines(byUrl.stdout))).toEqual(comparable(inRepository('storefront', findings)))
    expect(comparable(jsonLines(byToken.stdout))).toEqual(comparable(inRepository('payments', findings)))
    expect(inRepository('storefront', findings).length).toBeGreaterThan(5)
    expect(inRepository('payments', findings)).toHaveLength(6)
    expect(await kept.stop()).toBe(0)
    expect(leftovers()).toEqual([])
  })
})

/** What the service found in one repository, with its places there alone. */
function inRepository(name: string, findings: readonly SeenFinding[]): SeenFinding[] {
  return findings
    .map((one) => ({
      ...one,
      places: one.places.filter((place) => place.repository === `acme-demo/${name}`),
    }))
    .filter((one) => one.places.length > 0)
}

interface Comparable {
  detector: string
  secret_redacted: string
  label: string | null
  places: readonly object[]
}

/** What a scan and the service say alike: their fingerprints are under keys of their own. */
function comparable(findings: readonly Comparable[]): unknown[] {
  return findings
    .map(({ detector, secret_redacted, label, places }) => ({
      detector,
      secret_redacted,
      label,
      places: sorted(
        places.map((place) => pick(place, ['path', 'commit_sha', 'start_line', 'start_column'])),
      ),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function pick(from: object, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => (from as Record<string, unknown>)[name]))
}

function sorted(texts: string[]): string[] {
  return texts.sort((a, b) => (a < b ? -1 : 1))
}

/** Files under the demo's TMPDIR, and processes that work in it or name it. */
function leftovers(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && belongs(name))
  return [...readdirSync(temporary), ...processes.map((pid) => `process ${pid}`)]
}

function belongs(pid: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes(temporary) || readlinkSync(`/proc/${pid}/cwd`).startsWith(temporary)
  } catch {
    // Ended while it was looked at.
    return false
  }
}
