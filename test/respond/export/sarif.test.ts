import fc from 'fast-check'
import type { Log, Result, Run } from 'sarif'
import { describe, expect, test } from 'vitest'
import { detectors } from '../../../detectors/index.ts'
import type { FindingRecord, FoundPlace } from '../../../src/model/finding.ts'
import { exportSarif } from '../../../src/respond/export/sarif.ts'
import type { ScanReport } from '../../../src/respond/export/scan-report.ts'
import { finding, place } from '../../support/finding.ts'
import { report } from '../../support/report.ts'
import { sarifViolations } from '../../support/sarif-schema.ts'

function runOf(findings: readonly FindingRecord[], changes: Partial<ScanReport> = {}): Run {
  const log = JSON.parse([...exportSarif(findings, report(changes))].join('')) as Log
  expect(sarifViolations(log)).toEqual([])
  expect(log.version).toBe('2.1.0')
  return log.runs[0] as Run
}

function resultAt(changes: Partial<FoundPlace>): Result {
  const [result] = runOf([finding({ places: [place(changes)] })]).results ?? []
  return result as Result
}

describe('the schema', () => {
  test('refuses what is no SARIF', () => {
    expect(sarifViolations({ version: '2.1.0' })).not.toEqual([])
    expect(sarifViolations({ version: '2.1.0', runs: [{}] })).not.toEqual([])
  })

  test('takes a log without findings', () => {
    expect(runOf([]).results).toEqual([])
  })

  test('takes every detector as a rule', () => {
    const findings = detectors.map(({ id, issuer, kind, checkKind }) =>
      finding({ detector: id, issuer, kind, check: checkKind }),
    )

    const run = runOf(findings, { detectors: new Map(detectors.map((one) => [one.id, one])) })

    expect(run.tool.driver.rules?.map((rule) => rule.id)).toEqual(detectors.map(({ id }) => id))
    for (const rule of run.tool.driver.rules ?? []) {
      expect(rule.helpUri).toMatch(/^https:/)
      expect(Number(rule.properties?.['security-severity'])).toBeGreaterThan(0)
    }
  })

  test('takes whatever name a stranger gave to a file, and it reads back', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .filter((text) => !/[/\0]/.test(text))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        fc.pre(names.every((one) => one !== '.' && one !== '..'))
        const path = names.join('/')

        const uri = resultAt({ path, archive_path: path, author_name: path }).locations?.[0]?.physicalLocation
          ?.artifactLocation?.uri

        expect(decodeURIComponent(uri ?? '')).toBe(path.replace(/\p{Surrogate}/gu, '\ufffd'))
      }),
      { seed: 4, numRuns: 60 },
    )
  })
})

describe('code scanning', () => {
  test('gets one result for each place, its rule, and at least one location with a line', () => {
    const run = runOf([
      finding({ places: [place(), place({ start_line: 9, end_line: 9 })] }),
      finding({ detector: 'other', confidence: 'low', check: 'none', check_passed: null }),
    ])

    expect(run.results).toHaveLength(3)
    for (const result of run.results ?? []) {
      expect(run.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId)
      expect(result.locations?.[0]?.physicalLocation?.region?.startLine).toBeGreaterThan(0)
      expect(result.partialFingerprints).toEqual({ 'keyrecall/v1': 'ab'.repeat(32) })
      expect(result.suppressions).toBeUndefined()
    }
    expect(run.results?.map((result) => result.level)).toEqual(['error', 'error', 'note'])
  })

  test('gets the span in lines, columns and bytes', () => {
    expect(resultAt({}).locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 3,
      startColumn: 7,
      endLine: 3,
      endColumn: 47,
      byteOffset: 60,
      byteLength: 40,
    })
  })

  test.each<[string, Partial<FoundPlace>, string, string | undefined]>([
    ['a file below the folder', { path: 'a b/ä#?.env' }, 'a%20b/%C3%A4%23%3F.env', '%SRCROOT%'],
    ['a name with a colon', { path: 'c:d' }, 'c%3Ad', '%SRCROOT%'],
    ['a name that begins like a way out', { path: '..a/b' }, '..a/b', '%SRCROOT%'],
    ['an absolute path below it', { path: '/srv/shop/x.env' }, 'x.env', '%SRCROOT%'],
    ['a file elsewhere', { path: '../other/x y' }, 'file:///srv/other/x%20y', undefined],
    ['standard input', { type: 'stdin', path: '-' }, 'stdin', undefined],
    [
      'the repository in the folder',
      { type: 'commit', path: 'x.env', repository: '.' },
      'x.env',
      '%SRCROOT%',
    ],
    ['another one', { type: 'commit', path: 'x.env', repository: '../b' }, 'x.env', 'REPOSITORY_1'],
    [
      'an object without a path',
      { type: 'commit', path: '', repository: '.', blob_sha: 'cd' },
      'objects/cd',
      '%SRCROOT%',
    ],
    [
      'an object of a bucket',
      { type: 's3_object', path: 'k', bucket: 'acme', key: 'a/b c', version_id: 'x+y' },
      's3://acme/a/b%20c?versionId=x%2By',
      undefined,
    ],
  ])('finds %s', (_, changes, uri, uriBaseId) => {
    expect(resultAt(changes).locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri,
      ...(uriBaseId === undefined ? {} : { uriBaseId }),
    })
  })

  test('is told which repositories the paths belong to', () => {
    const commit = { type: 'commit', path: 'x.env', commit_sha: 'ef'.repeat(20) } as const

    const run = runOf([
      finding({
        places: [
          place({
            ...commit,
            repository: 'acme/shop',
            url: 'https://git.acme.example/acme/shop/blob/ef/x.env',
          }),
          place({ ...commit, repository: 'https://code.example/b.git' }),
          place({ ...commit, repository: '/srv/bare.git' }),
        ],
      }),
    ])

    expect(run.versionControlProvenance).toEqual([
      { repositoryUri: 'https://git.acme.example/acme/shop', mappedTo: { uriBaseId: 'REPOSITORY_1' } },
      { repositoryUri: 'https://code.example/b.git', mappedTo: { uriBaseId: 'REPOSITORY_2' } },
    ])
    expect(run.originalUriBaseIds?.['REPOSITORY_3']).toEqual({ uri: 'file:///srv/bare.git/' })
    expect(run.originalUriBaseIds?.['%SRCROOT%']?.uri).toBeUndefined()
    expect(run.results?.[0]?.properties?.['place']).toMatchObject({ commit_sha: 'ef'.repeat(20) })
  })

  test('is led to the archive that a member is in', () => {
    const location = resultAt({ path: 'a.zip', archive_path: 'in.tar!x.env' }).locations?.[0]

    expect(location?.physicalLocation?.artifactLocation?.uri).toBe('a.zip')
    expect(location?.physicalLocation?.region).toEqual({ startLine: 1 })
    expect(location?.logicalLocations?.[0]).toMatchObject({
      name: 'x.env',
      fullyQualifiedName: 'a.zip!in.tar!x.env',
    })
  })
})

test('messages hold no links and no arguments of somebody else', () => {
  const [result] = runOf([finding({ secret_redacted: '[a](b){0}' })]).results ?? []

  expect(result?.message.text).toContain(String.raw`\[a\](b){{0}}`)
})

test('what is no danger is a note', () => {
  expect(runOf([finding({ label: 'test_mode' })]).results?.[0]?.level).toBe('note')
})

test('what was not read is told, and that the scan was not complete', () => {
  const run = runOf([], {
    complete: false,
    moreProblems: 7,
    problems: [
      { problem: 'error', code: 'unreadable', subject: 'a', message: 'cannot be read (EACCES)' },
      { problem: 'skipped', code: 'special_file', subject: 'b', message: 'a socket' },
    ],
  })

  const [invocation] = run.invocations ?? []
  expect(invocation?.executionSuccessful).toBe(false)
  expect(invocation?.startTimeUtc).toBe('2026-01-02T03:04:05.000Z')
  expect(invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text])).toEqual([
    ['error', 'a: cannot be read (EACCES)'],
    ['note', 'b: a socket'],
    ['warning', 'and 7 more that could not be read or were left out'],
  ])
})
