/** The corpus: the same for the same seed, as large as asked, all parts different, every planted credential in place. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectors } from '../../../detectors/index.ts'
import { buildCorpus, type Corpus } from '../../../src/bench/corpus/build.ts'

const options = { size: 1_500_000, files: 120, seed: 3 }
let folder: string
let corpus: Corpus

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrecall-corpus-'))
  corpus = await buildCorpus(folder, options, () => {})
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function digests(of: Corpus): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const entry of await readdir(of.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    found.set(path.slice(of.folder.length + 1), digest)
  }
  return found
}

describe('a corpus', () => {
  test('has the bytes and files asked for, and says so', async () => {
    const files = await digests(corpus)

    expect(corpus.bytes).toBeGreaterThanOrEqual(options.size)
    expect(corpus.files).toBeGreaterThanOrEqual(options.files)
    expect(files.size).toBe(corpus.files)
    expect(corpus.package_files).toBeGreaterThan(10)
  })

  test('holds no file twice, nor a long line of one in another', async () => {
    const files = await digests(corpus)
    const lines = new Map<string, string>()

    const shared: string[] = []
    for (const [path] of corpus.texts.filter(([one]) => !one.startsWith('packages/'))) {
      for (const line of (await readFile(join(corpus.folder, path), 'utf8')).split('\n')) {
        if (line.length < 120) continue
        const other = lines.get(line)
        if (other !== undefined && other !== path) shared.push(`${path} ${other}`)
        lines.set(line, path)
      }
    }

    expect(new Set(files.values()).size).toBe(files.size)
    expect(lines.size).toBeGreaterThan(1000)
    expect(shared).toEqual([])
  })

  test('holds at every planted place a value whose check passes', async () => {
    expect(corpus.planted.length).toBeGreaterThanOrEqual(12)
    expect(new Set(corpus.planted.map(({ detector }) => detector)).size).toBeGreaterThanOrEqual(12)
    for (const { detector: id, path, archive_path, byte_start, byte_end } of corpus.planted) {
      if (archive_path !== undefined && !path.endsWith('.gz')) continue
      const stored = await readFile(join(corpus.folder, path))
      const bytes = archive_path === undefined ? stored : gunzipSync(stored)
      const written = bytes.subarray(byte_start, byte_end)
      const check = detectors.find((detector) => detector.id === id)?.check
      const decoded = Buffer.from(written.toString('latin1'), 'base64')

      const outcomes = [written, decoded].map((value) => check?.(value, Date.now()).outcome)

      expect(outcomes, `${id} in ${path}`).toContain('passed')
    }
  })

  test('is made again byte for byte from the same seed, and differs under another', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'keyrecall-corpus-'))
    try {
      const again = await buildCorpus(elsewhere, options, () => {})
      const other = await buildCorpus(elsewhere, { ...options, seed: 4 }, () => {})

      expect(await digests(again)).toEqual(await digests(corpus))
      expect(again.planted).toEqual(corpus.planted)
      const met = new Set((await digests(corpus)).values())
      const madeUp = [...(await digests(other))].filter(([path]) => !path.startsWith('packages/'))
      expect(madeUp.filter(([, digest]) => met.has(digest))).toEqual([])
    } finally {
      await rm(elsewhere, { recursive: true, force: true })
    }
  })

  test('that is complete is used again, and one that was broken off is made anew', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'keyrecall-corpus-'))
    try {
      const tiny = { size: 100_000, files: 20, seed: 1 }
      const first = await buildCorpus(elsewhere, tiny, () => {})
      const [text] = first.texts[0] ?? ['']
      await rm(join(first.folder, text))

      const second = await digests(await buildCorpus(elsewhere, tiny, () => {}))
      await rm(`${first.folder}.json`)
      const third = await digests(await buildCorpus(elsewhere, tiny, () => {}))

      expect([second.size, second.has(text)]).toEqual([first.files - 1, false])
      expect([third.size, third.has(text)]).toEqual([first.files, true])
    } finally {
      await rm(elsewhere, { recursive: true, force: true })
    }
  })
})
