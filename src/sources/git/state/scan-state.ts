/**
 * What of a repository was scanned before, under one set of detectors: by content, so that it outlives `git gc`,
 * repacking and new clones. Ids are kept by their first eight bytes, sorted: a million take 8 MB and load in some
 * milliseconds; that a new one is taken for one of them has odds of one in 10^13. Packs scanned whole are kept by
 * name, which is made of their content, so that usually nobody looks at ids at all.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

export interface ScanState {
  /** Names of packs of which everything was scanned, without folder and extension. */
  packs: ReadonlySet<string>
  /** What each ref named. */
  refs: ReadonlyMap<string, string>
  ids: KnownIds
}

/** First bytes of an id that are kept. */
const keptBytes = 8

const header = z.object({
  version: z.literal(1),
  detectorSet: z.string(),
  packs: z.array(z.string()),
  refs: z.array(z.tuple([z.string(), z.string()])),
  count: z.int().min(0),
})

/** A sorted list of beginnings of ids. */
export class KnownIds {
  readonly #bytes: Buffer

  /** @param bytes of the beginnings, sorted and each once */
  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes
  }

  get count(): number {
    return this.#bytes.length / keptBytes
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** Is the id that stands at `at` in `source` among them? */
  has(source: Uint8Array, at = 0): boolean {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#compare(middle, source, at)
      if (order === 0) return true
      if (order < 0) low = middle + 1
      else high = middle
    }
    return false
  }

  /**
   * Which of sorted ids are among them, by place; both lists are gone through once.
   * @param stride bytes from one id to the next
   */
  among(source: Uint8Array, start: number, stride: number, count: number): Uint8Array {
    const known = new Uint8Array(count)
    let ours = 0
    for (let theirs = 0; theirs < count && ours < this.count; theirs++) {
      let order = -1
      while (ours < this.count) {
        order = this.#compare(ours, source, start + theirs * stride)
        if (order >= 0) break
        ours += 1
      }
      if (order === 0) known[theirs] = 1
    }
    return known
  }

  /** These and more, which may come in any order and repeat. */
  with(ids: Iterable<Uint8Array>): KnownIds {
    const fresh = [...ids]
      .map((id) => Buffer.from(id.subarray(0, keptBytes)))
      .sort((a, b) => Buffer.compare(a, b))
    const merged = Buffer.allocUnsafe(this.#bytes.length + fresh.length * keptBytes)
    let used = 0
    let ours = 0
    for (const id of fresh) {
      let order = 1
      while (ours < this.count && (order = this.#compare(ours, id, 0)) < 0) {
        used += this.#bytes.copy(merged, used, ours * keptBytes, (ours + 1) * keptBytes)
        ours += 1
      }
      const isLast = used > 0 && id.equals(merged.subarray(used - keptBytes, used))
      if ((ours === this.count || order !== 0) && !isLast) used += id.copy(merged, used)
    }
    used += this.#bytes.copy(merged, used, ours * keptBytes)
    return new KnownIds(merged.subarray(0, used))
  }

  /** Negative where ours is before theirs. */
  #compare(ours: number, source: Uint8Array, at: number): number {
    for (let index = 0, start = ours * keptBytes; index < keptBytes; index++) {
      const difference = (this.#bytes[start + index] as number) - (source[at + index] as number)
      if (difference !== 0) return difference
    }
    return 0
  }
}

export function emptyState(): ScanState {
  return { packs: new Set(), refs: new Map(), ids: new KnownIds() }
}

/** What a file says; nothing where there is none, it is damaged, or of other detectors: then all is scanned again. */
export async function loadScanState(path: string, detectorSet: string): Promise<ScanState> {
  try {
    const bytes = await readFile(path)
    const end = bytes.indexOf(0x0a)
    const { packs, refs, count, ...found } = header.parse(JSON.parse(bytes.toString('utf8', 0, end)))
    const ids = bytes.subarray(end + 1)
    if (found.detectorSet !== detectorSet || ids.length !== count * keptBytes) return emptyState()
    return { packs: new Set(packs), refs: new Map(refs), ids: new KnownIds(ids) }
  } catch {
    return emptyState()
  }
}

/** Writes a state, whole or not at all. */
export async function saveScanState(path: string, detectorSet: string, state: ScanState): Promise<void> {
  const text = JSON.stringify({
    version: 1,
    detectorSet,
    packs: [...state.packs].sort(),
    refs: [...state.refs],
    count: state.ids.count,
  } satisfies z.infer<typeof header>)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(mine, Buffer.concat([Buffer.from(`${text}\n`), state.ids.bytes]), { mode: 0o600 })
    await rename(mine, path)
  } finally {
    await rm(mine, { force: true })
  }
}
