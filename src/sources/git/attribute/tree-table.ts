/**
 * What trees hold, reduced to what attribution asks for: their subtrees and the blobs with hits. An entry takes eight
 * bytes; other files, which are most entries, leave nothing behind. Most trees of a pack are a delta of another one:
 * of those only the entries that are new are looked at.
 */
import { grown, IdTable } from './id-table.ts'
import { NameTable } from './name-table.ts'
import { type Copies, TreeLayout } from './tree-layout.ts'

const space = 0x20
const formatMask = 0o170000
const treeFormat = 0o040000
const linkFormat = 0o160000
/** Longest mode git ever wrote: old ones have a zero in front. */
const longestMode = 7

export class TreeTable {
  readonly ids: IdTable
  readonly names = new NameTable()
  /** The blobs that are looked for. */
  readonly wanted: IdTable
  /** Trees that end in the middle of an entry; what came before it counts. */
  damaged = 0
  /** By tree: where its entries begin, plus one; 0 where it was not read yet. */
  #starts: Int32Array = new Int32Array(4096)
  /** By tree: how many entries it has. */
  #counts: Int32Array = new Int32Array(4096)
  /** Pairs of a target, a tree's number or `~` of a wanted blob's, and a name. */
  #entries: Int32Array = new Int32Array(16_384)
  #used = 0
  /** One bit for each beginning of a wanted id: most files are told apart without a look-up. */
  readonly #sieve = new Uint8Array(1 << 16)
  /** By level of a family of deltas: how the tree last read there is laid out. */
  readonly #layouts: TreeLayout[] = []

  /** @param expected trees; more are as good, though tables grow then */
  constructor(wanted: IdTable, expected = 4096) {
    this.wanted = wanted
    this.ids = new IdTable(wanted.idLength, expected)
  }

  /** Takes a blob in to be looked for; before the first tree. */
  want(id: Uint8Array): number {
    this.#sieve[sieveByte(id, 0)] = (this.#sieve[sieveByte(id, 0)] as number) | sieveBit(id, 0)
    return this.wanted.add(id, 0)
  }

  isRead(tree: number): boolean {
    return tree < this.#starts.length && this.#starts[tree] !== 0
  }

  /** Index of the first entry, for `target` and `name`. */
  start(tree: number): number {
    return this.isRead(tree) ? (this.#starts[tree] as number) - 1 : 0
  }

  /** Entries of the tree; none where it was not read. */
  size(tree: number): number {
    return this.isRead(tree) ? (this.#counts[tree] as number) : 0
  }

  /** The subtree's number, or `~` of a wanted blob's. */
  target(entry: number): number {
    return this.#entries[2 * entry] as number
  }

  name(entry: number): number {
    return this.#entries[2 * entry + 1] as number
  }

  /**
   * Takes in a tree; `bytes` is not kept. Format: "tree objects" in gitformat-pack(5) and git-mktree(1).
   * @param level of the tree in its family of deltas; with `copies` it was made from the last one at the level above
   */
  read(tree: number, bytes: Uint8Array, level = 0, copies: Copies | null = null): void {
    let layout = this.#layouts[level]
    if (!layout) this.#layouts[level] = layout = new TreeLayout()
    const base = copies && level > 0 ? this.#layouts[level - 1] : undefined
    layout.clear()
    let at = 0
    if (base && copies) {
      for (let copy = 0; copy + 2 < copies.length; copy += 3) {
        const start = copies[copy] as number
        const shift = start - (copies[copy + 1] as number)
        const end = start + (copies[copy + 2] as number)
        // Entry by entry, until one begins where one of the base does: from there they are the same ones.
        while (at >= 0 && at < end) {
          const next = at < start ? at : layout.inherit(base, at, shift, end)
          at = next === at ? this.#entry(bytes, at, layout) : next
        }
      }
    }
    while (at >= 0 && at < bytes.length) at = this.#entry(bytes, at, layout)
    if (at >= 0) layout.end(bytes.length)
    if (!this.isRead(tree)) this.#keep(tree, layout)
  }

  /** Reads one entry; where the next begins, or -1 where it is damaged. */
  #entry(bytes: Uint8Array, start: number, layout: TreeLayout): number {
    let at = start
    let mode = 0
    const modeEnd = at + longestMode
    while (at < modeEnd && bytes[at] !== space) mode = mode * 8 + ((bytes[at++] as number) - 0x30)
    const nameStart = at + 1
    let nameEnd = nameStart
    while (nameEnd < bytes.length && bytes[nameEnd] !== 0) nameEnd++
    const id = nameEnd + 1
    const next = id + this.ids.idLength
    if (bytes[at] !== space || next > bytes.length) {
      this.damaged += 1
      layout.end(start)
      return -1
    }
    layout.add(start)
    const format = mode & formatMask
    if (format === treeFormat) {
      layout.keep(start, this.ids.add(bytes, id), this.names.add(bytes, nameStart, nameEnd))
    } else if (format !== linkFormat && this.#mayBeWanted(bytes, id)) {
      const blob = this.wanted.find(bytes, id)
      if (blob >= 0) layout.keep(start, ~blob, this.names.add(bytes, nameStart, nameEnd))
    }
    return next
  }

  /** All that was read, for the table of another thread. */
  all(): SweptTrees {
    return {
      ids: this.ids.words(),
      names: this.names.all(),
      starts: this.#starts.slice(0, this.ids.count),
      counts: this.#counts.slice(0, this.ids.count),
      entries: this.#entries.slice(0, 2 * this.#used),
      damaged: this.damaged,
    }
  }

  /** Takes in what another thread read, for the same blobs; answers the number here of each tree there. */
  take({ ids, names, starts, counts, entries, damaged }: SweptTrees): Int32Array {
    const trees = this.ids.take(ids)
    const named = this.names.take(names)
    this.damaged += damaged
    for (const [other, start] of starts.entries()) {
      const tree = trees[other] as number
      if (start === 0 || this.isRead(tree)) continue
      const size = counts[other] as number
      const from = this.#used
      this.#makeRoom(tree, size)
      for (let index = 0; index < size; index++) {
        const at = 2 * (start - 1 + index)
        const target = entries[at] as number
        this.#entries[2 * (from + index)] = target < 0 ? target : (trees[target] as number)
        this.#entries[2 * (from + index) + 1] = named[entries[at + 1] as number] as number
      }
    }
    return trees
  }

  /** The next entries are those of this tree. */
  #makeRoom(tree: number, size: number): void {
    const start = this.#used
    this.#used += size
    while (2 * this.#used > this.#entries.length) this.#entries = grown(this.#entries)
    while (tree >= this.#starts.length) {
      this.#starts = grown(this.#starts)
      this.#counts = grown(this.#counts)
    }
    this.#starts[tree] = start + 1
    this.#counts[tree] = size
  }

  #mayBeWanted(bytes: Uint8Array, id: number): boolean {
    return ((this.#sieve[sieveByte(bytes, id)] as number) & sieveBit(bytes, id)) !== 0
  }

  #keep(tree: number, { kept, targets, names }: TreeLayout): void {
    const start = this.#used
    this.#makeRoom(tree, kept)
    for (let index = 0; index < kept; index++) {
      this.#entries[2 * (start + index)] = targets[index] as number
      this.#entries[2 * (start + index) + 1] = names[index] as number
    }
  }
}

/** What one thread read of trees; blobs have the numbers they have everywhere, the rest is numbered here. */
export interface SweptTrees {
  ids: Int32Array
  names: { bytes: Uint8Array; starts: Int32Array }
  /** As in `TreeTable`. */
  starts: Int32Array
  counts: Int32Array
  entries: Int32Array
  damaged: number
}

function sieveByte(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

function sieveBit(bytes: Uint8Array, at: number): number {
  return 1 << ((bytes[at + 2] as number) & 7)
}
