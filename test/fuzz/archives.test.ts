/** The scanner over archives that strangers made: it reads what can be read, tells the rest, and stays within its bounds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mintFor } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { type Blob, isProblem, type SourceProblem } from '../../src/model/blob.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { type ArchiveLimits, defaultArchiveLimits } from '../../src/sources/archive/limits.ts'
import { unpackAll } from '../../src/sources/archive/unpack.ts'
import { archiveFixture, items, ranged, signal, streamed } from '../support/archive-blob.ts'
import { archives, damages, spoiled, wrap } from './bad-bytes.ts'

const engine = createEngine(detectors)
const limits: ArchiveLimits = {
  maxDepth: 4,
  maxMembers: 60,
  maxBytes: 600_000,
  maxMemberBytes: 400_000,
  maxRatio: 100,
  maxMemoryBytes: 300_000,
}
/** The largest piece that one decoder hands over, by which a bound may be passed. */
const largestPiece = 16 * 1024 * 1024

interface Outcome {
  problems: SourceProblem[]
  /** Of members, and of those the longest. */
  bytes: number
  longest: number
  members: number
  found: { detector: string; archivePath: string | undefined }[]
}

async function scan(blob: Blob, bounds: ArchiveLimits): Promise<Outcome> {
  const outcome: Outcome = { problems: [], bytes: 0, longest: 0, members: 0, found: [] }
  for await (const item of unpackAll(items(blob), bounds, signal)) {
    if (isProblem(item)) {
      outcome.problems.push(item)
      continue
    }
    const { hits, stats } = await engine.scan(item, signal)
    for (const { detector, span } of hits) {
      expect(span.byte_start).toBeLessThan(span.byte_end)
      expect(span.byte_end).toBeLessThanOrEqual(stats.bytesScanned)
      outcome.found.push({ detector, archivePath: item.place.archive_path })
    }
    if (item.place.archive_path === undefined) continue
    outcome.members++
    outcome.bytes += stats.bytesScanned
    outcome.longest = Math.max(outcome.longest, stats.bytesScanned)
  }
  return outcome
}

describe('archives of strangers', () => {
  test('give what is in them, whatever is around it', async () => {
    const minted = mintFor('github-pat-classic', seededRandom(8))
    const kinds = fc.array(fc.constantFrom('zip', 'stored zip', 'gzip', 'tar', 'ar', 'pdf'), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(kinds, fc.boolean(), async (around, byRange) => {
        const bytes = await wrap(Buffer.from(`TOKEN=${minted}\n`), around)

        const { found, problems } = await scan(
          byRange ? ranged(bytes) : streamed(bytes),
          defaultArchiveLimits,
        )

        expect(problems).toEqual([])
        expect(new Set(found.map(({ detector }) => detector))).toEqual(new Set(['github-pat-classic']))
        const levels = found[0]?.archivePath?.split('!').length ?? 0
        expect(levels).toBe(around.length)
      }),
      { numRuns: 60, seed: 61 },
    )
  })

  test('are told from others, bounded and left when they are broken', async () => {
    const before = process.memoryUsage.rss()
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(archives, damages, fc.boolean(), async ({ core, kinds }, changes, byRange) => {
        const bytes = spoiled(await wrap(core, kinds), changes, archiveFixture('solid.7z'))

        const outcome = await scan(byRange ? ranged(bytes) : streamed(bytes), limits)

        for (const { code, message, subject } of outcome.problems) {
          expect(code).toMatch(/^archive_(?:limit|broken|encrypted|unsupported)$/)
          expect(message).not.toBe('')
          expect(subject).toMatch(/^file/)
          seen.add(code)
        }
        expect(outcome.members).toBeLessThanOrEqual(limits.maxMembers)
        expect(outcome.bytes).toBeLessThanOrEqual(limits.maxBytes + largestPiece)
        expect(outcome.longest).toBeLessThanOrEqual(limits.maxMemberBytes + largestPiece)
      }),
      { numRuns: 600, seed: 62 },
    )

    // What was tried is no harmless selection.
    expect([...seen].sort()).toEqual([
      'archive_broken',
      'archive_encrypted',
      'archive_limit',
      'archive_unsupported',
    ])
    expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000)
  })

  test('never hold more than they should in memory, however deep they are', async () => {
    const bytes = await wrap(
      Buffer.from('core'),
      Array.from({ length: 12 }, (_, i) => (i % 2 ? 'zip' : 'tar')),
    )

    const { problems, members } = await scan(streamed(bytes), defaultArchiveLimits)

    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit' }])
    expect(members).toBeLessThan(12)
  })
})
