/**
 * One memory that compressed bytes are read into, decompressed within and rebuilt within, so that nothing is copied
 * between heaps: WebAssembly's where that runs, else an ordinary one with the decoder of Node. Room is handed out in
 * slots of a few sizes; all of them are free between two families of deltas, and the memory starts over then.
 */
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { applyDeltaHere } from './delta.ts'
import { corrupt, heapStart, outputFull, results, slack, truncated } from './wasm/layout.ts'

/** A piece of the memory; `slack` bytes behind it may be overwritten. */
export interface Slot {
  readonly at: number
  readonly sizeClass: number
  /** Bytes in use. */
  size: number
}

type Inflate = (input: number, inputEnd: number, output: number, outputEnd: number) => number
type ApplyDelta = (
  at: number,
  end: number,
  base: number,
  baseSize: number,
  out: number,
  outSize: number,
  copies: number,
) => number

const page = 65_536
/** Largest memory there can be: four gigabytes, less room for what is read behind the end. */
const most = 65_535 * page
/** Between two sizes of slots lies a factor of about this. */
const step = 1.3
const smallest = 4096

export class Heap {
  /** The whole memory; another one after every `allocate`. */
  bytes: Buffer
  words: Uint32Array
  /** Decompresses a zlib stream; 0, or one of the failures in `wasm/layout.ts`. */
  readonly inflate: Inflate
  /** Applies a delta behind its sizes; the number of copies, or `corrupt`. */
  readonly applyDelta: ApplyDelta
  #grow: (size: number) => ArrayBuffer
  #top = heapStart
  #free = new Map<number, Slot[]>()

  /** @param module compiled decoder; null for the slower one of Node */
  constructor(module: WebAssembly.Module | null = compileCodec()) {
    if (module) {
      const memory = new WebAssembly.Memory({ initial: 32 })
      const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } })
      const prepare = exports['prepare'] as () => void
      prepare()
      this.inflate = exports['inflate'] as Inflate
      this.applyDelta = exports['applyDelta'] as ApplyDelta
      this.#grow = (size) => {
        if (size > memory.buffer.byteLength) memory.grow(Math.ceil((size - memory.buffer.byteLength) / page))
        return memory.buffer
      }
    } else {
      let buffer = new ArrayBuffer(32 * page)
      this.inflate = (...places) => inflateHere(this, ...places)
      this.applyDelta = (...places) => applyDeltaHere(this.bytes, this.words, ...places)
      this.#grow = (size) => {
        if (size <= buffer.byteLength) return buffer
        const larger = new ArrayBuffer(size)
        new Uint8Array(larger).set(new Uint8Array(buffer))
        buffer = larger
        return buffer
      }
    }
    this.bytes = Buffer.from(this.#grow(0))
    this.words = new Uint32Array(this.bytes.buffer)
  }

  /** Bytes of the stream that `inflate` used. */
  get used(): number {
    return this.words[results >> 2] ?? 0
  }

  /** Bytes that `inflate` made, also where it failed. */
  get made(): number {
    return this.words[(results >> 2) + 1] ?? 0
  }

  /** Bytes handed out since the last `reset`, free ones included. */
  get reach(): number {
    return this.#top
  }

  /** Room for `size` bytes, aligned to 16; null where there is none left. */
  allocate(size: number): Slot | null {
    const sizeClass = size <= smallest ? 0 : Math.ceil(Math.log(size / smallest) / Math.log(step))
    const free = this.#free.get(sizeClass)?.pop()
    if (free) {
      free.size = size
      return free
    }
    const capacity = Math.max(size, Math.ceil((smallest * step ** sizeClass) / 64) * 64)
    const at = this.#top
    const top = at + ((capacity + slack + 15) & ~15)
    if (top + slack > most) return null
    if (top + slack > this.bytes.length) {
      // By a quarter more than asked for, so that growing stays rare.
      const wanted = Math.min(most, Math.max(top + slack, Math.ceil(this.bytes.length * 1.25)))
      try {
        this.bytes = Buffer.from(this.#grow(wanted))
      } catch {
        return null
      }
      this.words = new Uint32Array(this.bytes.buffer)
    }
    this.#top = top
    return { at, sizeClass, size }
  }

  release(slot: Slot): void {
    const free = this.#free.get(slot.sizeClass)
    if (free) free.push(slot)
    else this.#free.set(slot.sizeClass, [slot])
  }

  /** Takes back all that was handed out. */
  reset(): void {
    this.#top = heapStart
    this.#free.clear()
  }
}

function inflateHere(heap: Heap, input: number, inputEnd: number, output: number, outputEnd: number): number {
  heap.words[results >> 2] = 0
  heap.words[(results >> 2) + 1] = 0
  try {
    const answer = inflateSync(heap.bytes.subarray(input, inputEnd), {
      maxOutputLength: Math.max(1, outputEnd - output),
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    if (answer.buffer.length > outputEnd - output) return outputFull
    answer.buffer.copy(heap.bytes, output)
    heap.words[results >> 2] = answer.engine.bytesWritten
    heap.words[(results >> 2) + 1] = answer.buffer.length
    return 0
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === 'ERR_BUFFER_TOO_LARGE') return outputFull
    return code === 'Z_BUF_ERROR' ? truncated : corrupt
  }
}

function abort(): never {
  throw new Error('the decoder gave up')
}

let compiled: WebAssembly.Module | null | undefined

/** Compiled at first use and once; null where the file or SIMD is missing. */
function compileCodec(): WebAssembly.Module | null {
  if (compiled === undefined) compiled = readCodec()
  return compiled
}

function readCodec(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(readFileSync(new URL('./wasm/codec.wasm', import.meta.url)))
  } catch {
    return null
  }
}
