import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { DetectorFacts } from '../../src/cli/detector-facts.ts'
import { describeConfig } from '../../src/config/describe.ts'
import { type CliRun, runCli } from '../support/cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(`${root}/README.md`, 'utf8')
const contributing = readFileSync(`${root}/CONTRIBUTING.md`, 'utf8')
const { version, scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  version: string
  scripts: Record<string, string>
}

function run(args: string[]): Promise<CliRun> {
  return runCli(args, { cwd: root, home: '/nonexistent' })
}

describe('the program', () => {
  test('prints its version', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  test.each([[['--help']], [['help']], [['help', 'scan']], [['scan', '--help']], [['detectors', '--help']]])(
    '%j prints help to standard output and ends with 0',
    async (args) => {
      const { status, stdout, stderr } = await run(args)

      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^Usage: keyrecall/)
    },
  )

  test('explains targets, statuses and examples in the help of scan', async () => {
    const { stdout } = await run(['scan', '--help'])

    for (const word of ['github-search:QUERY', 's3://BUCKET', 'Exit status', 'GITHUB_TOKEN', 'Examples']) {
      expect(stdout).toContain(word)
    }
  })
})

describe('detectors', () => {
  test('list has a line for each', async () => {
    const { status, stdout } = await run(['detectors', 'list'])

    expect(status).toBe(0)
    for (const detector of detectors) expect(stdout).toMatch(new RegExp(`^${detector.id} `, 'm'))
  })

  test('list --json tells the check, its bits and the gate of each', async () => {
    const facts = JSON.parse((await run(['detectors', 'list', '--json'])).stdout) as DetectorFacts[]

    expect(facts.map((one) => one.id)).toEqual(detectors.map((detector) => detector.id))
    expect(facts.find((one) => one.id === 'github-pat-classic')).toMatchObject({
      check: 'checksum',
      bits: 32,
      gate: 'prefix',
      automatic: true,
    })
    for (const one of facts) expect(one.bits > 0, one.id).toBe(one.check !== 'none')
  })

  test('explain tells the format, the check, the documentation and how to revoke', async () => {
    const { status, stdout } = await run(['detectors', 'explain', 'github-pat-classic'])

    expect(status).toBe(0)
    expect(stdout).toContain('docs.github.com')
    expect(stdout).toContain('"ghp_", then 36 of [A-Za-z0-9]')
    expect(stdout).toContain('checksum of 32 bits')
    expect(stdout).toContain('credentials/revoke')
  })
})

describe('the documentation', () => {
  let help: string

  beforeAll(async () => {
    help = (await run(['--help'])).stdout
  })

  test('names only commands that exist', () => {
    const code = `${readme}\n${contributing}`.match(/^```[^]*?^```|`[^`\n]+`/gm) ?? []
    const named = [
      ...code.join('\n').matchAll(/(?:^|[`|] ?)(?:keyrecall|node dist\/src\/main\.js) ([a-z]+)/gm),
    ].map((match) => match[1] ?? '')

    expect(named.length).toBeGreaterThan(5)
    for (const name of new Set(named)) expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
  })

  test('names only npm scripts that exist', () => {
    const named = [...`${readme}\n${contributing}`.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(
      (match) => match[1] ?? '',
    )

    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test('lists the configuration as it is', () => {
    const table = /<!-- configuration: begin -->\n([^]*?)<!-- configuration: end -->/.exec(readme)?.[1]

    expect(table?.trim()).toBe(describeConfig().trim())
  })
})
