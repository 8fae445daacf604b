/** The text of the engine benchmark: files of a corpus in a drawn order, one behind the other in one file. */
import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../../detectors/checks/random.ts'
import type { Corpus } from './corpus/build.ts'

export interface EngineText {
  path: string
  /** JSON: the length of each text. */
  index: string
  bytes: number
  texts: number
  /** Detector, start and end in the whole text of every credential in it. */
  planted: [string, number, number][]
}

/**
 * So much that what programs do but once weighs little: V8 spends some 0.4 s of one core making fast code. At a quarter of
 * it the engine seems a quarter slower than it is.
 */
const mostBytes = 1000 * 1000 * 1000

export async function engineText(corpus: Corpus): Promise<EngineText> {
  const path = `${corpus.folder}.engine.txt`
  const index = `${corpus.folder}.engine.json`
  const chosen = choose(corpus)
  const bytes = chosen.reduce((sum, [, length]) => sum + length, 0)
  if ((await stat(path).catch(() => null))?.size !== bytes) {
    const file = await open(path, 'w')
    try {
      for (const [name] of chosen) await file.write(await readFile(join(corpus.folder, name)))
    } finally {
      await file.close()
    }
  }
  await writeFile(index, JSON.stringify(chosen.map(([, length]) => length)))
  return { path, index, bytes, texts: chosen.length, planted: plantedIn(corpus, chosen) }
}

function choose(corpus: Corpus): [string, number][] {
  const random = seededRandom(5)
  const texts = [...corpus.texts]
  const chosen: [string, number][] = []
  let bytes = 0
  while (texts.length > 0) {
    const at = Math.floor(random() * texts.length)
    const one = texts[at]
    const last = texts.pop()
    if (one === undefined || last === undefined) break
    if (at < texts.length) texts[at] = last
    if (bytes + one[1] > mostBytes) continue
    chosen.push(one)
    bytes += one[1]
  }
  return chosen
}

function plantedIn(corpus: Corpus, chosen: readonly [string, number][]): [string, number, number][] {
  const starts = new Map<string, number>()
  let at = 0
  for (const [path, length] of chosen) {
    starts.set(path, at)
    at += length
  }
  return corpus.planted.flatMap(({ detector, path, byte_start, byte_end }) => {
    const start = starts.get(path)
    return start === undefined ? [] : [[detector, start + byte_start, start + byte_end]]
  })
}
