/**
 * A public set of files that leak (Plazmaz/leaky-repo) says how many lines of each are a risk. It is not part of the
 * repository: it is read from `../shared/data` beside it, and where it is missing the test says so.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

const archive = fileURLToPath(new URL('../../../shared/data/leaky-repo.tar.gz', import.meta.url))
const engine = createEngine(detectors)
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrecall-leaky-'))
  if (existsSync(archive)) execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lines of risk and of mere information by file, as the set counts them itself. */
function counted(): Map<string, { risk: number; informative: number }> {
  const rows = readFileSync(join(folder, 'secrets.csv'), 'utf8').matchAll(/^([^#,\n]+),(\d+),(\d+)/gm)
  return new Map(
    Array.from(rows, ([, name = '', risk, informative]) => [
      name,
      { risk: Number(risk), informative: Number(informative) },
    ]),
  )
}

function reportedLines(): Map<string, number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.csv')
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    files.map((file) => {
      const hits = engine
        .scanBytes(readFileSync(file))
        .hits.filter(({ checkPassed }) => checkPassed !== false)
      return [relative(folder, file), new Set(hits.map(({ span }) => span.start_line)).size]
    }),
  )
}

describe('a public set of leaky files', () => {
  if (existsSync(archive)) withArchive()
  else {
    it('is not here, so nothing is counted', () => {
      console.warn(`${archive} is missing: the count of leaky files was left out`)

      expect(existsSync(archive)).toBe(false)
    })
  }
})

function withArchive(): void {
  it('is found in all but what its count does not show or nothing marks as secret', () => {
    const lines = reportedLines()

    const found = [...counted()].map(([name, { risk }]) => Math.min(risk, lines.get(name) ?? 0))

    // 96 are counted; 8 of these stand in no line of the files, and one is a file of bare hex digits.
    expect(found.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(87)
  })

  it('is reported in no line that its count calls neither a risk nor informative', () => {
    const expected = counted()

    const beyond = [...reportedLines()].filter(([name, lines]) => {
      const { risk = 0, informative = 0 } = expected.get(name) ?? {}
      return lines > risk + informative
    })

    expect(beyond).toEqual([])
  })
}
