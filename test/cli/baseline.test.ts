import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBaseline } from '../../src/cli/baseline.ts'
import { exportCsv } from '../../src/respond/export/csv.ts'
import { exportJson } from '../../src/respond/export/json.ts'
import { exportJsonl } from '../../src/respond/export/jsonl.ts'
import { exportSarif } from '../../src/respond/export/sarif.ts'
import { finding } from '../support/finding.ts'
import { report } from '../support/report.ts'

const findings = [finding({ kind: 'a "b",\nc' }), finding({ fingerprint: 'cd'.repeat(32) })]
let path: string
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keyrecall-baseline-'))
  path = join(dir, 'known')
})

afterAll(async () => {
  await rm(dir, { recursive: true, force: true })
})

test.each([
  ['json', [...exportJson(findings)].join('')],
  ['jsonl', [...exportJsonl(findings)].join('')],
  ['csv', [...exportCsv(findings)].join('')],
  ['sarif', [...exportSarif(findings, report())].join('')],
  ['sarif on one line', JSON.stringify(JSON.parse([...exportSarif(findings, report())].join('')))],
])('a result in %s gives its fingerprints', async (_, text) => {
  await writeFile(path, text)

  expect(await readBaseline(path)).toEqual(new Set(['ab'.repeat(32), 'cd'.repeat(32)]))
})

test('an empty result knows nothing', async () => {
  await writeFile(path, '')

  expect(await readBaseline(path)).toEqual(new Set())
})

test.each(['not json', '[1]', '{"detector":"x"}', 'detector,fingerprint\r\na,zz\r\n', '{\n"runs": 1}'])(
  '%j is refused as no result',
  async (text) => {
    await writeFile(path, text)

    await expect(readBaseline(path)).rejects.toThrow(/is not a result/)
  },
)

test('a missing file is refused by name', async () => {
  await expect(readBaseline(join(dir, 'gone'))).rejects.toThrow(/gone.*ENOENT/)
})
