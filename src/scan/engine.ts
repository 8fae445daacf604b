/**
 * Blob in, hits out. The steps stand in `window-scan.ts`; here the blob is cut into windows, hits get their lines
 * and their `Secret`, and everything that went in and out is counted.
 */
import type { Blob } from '../model/blob.ts'
import type { Detector } from '../model/detector.ts'
import { emptyStats, type Hit, type ScanStats } from '../model/hit.ts'
import { compileDetector, nameSet } from './compile.ts'
import { createSpotter, type Spotter } from './detect.ts'
import { LineCounter } from './lines.ts'
import type { Prefilter, Wanted } from './prefilter.ts'
import { type BatchParts, TextBatch } from './text-batch.ts'
import { toHit } from './to-hit.ts'
import { TreeScanner } from './tree/tree-scanner.ts'
import { ownLength, SlidingWindow, type Window, windowsOf } from './window.ts'
import { scanWindow } from './window-scan.ts'

export interface ScanResult {
  /** In order of position. Hits whose check failed are among them, with confidence `low`. */
  hits: Hit[]
  stats: ScanStats
}

export interface EngineOptions {
  /** Milliseconds since 1970, for formats that hold times. Default `Date.now`. */
  now?: () => number
  /** Bytes of a blob scanned at once. Default 4 MB. */
  windowLength?: number
  /**
   * Comments with `keyrecall:allow` let hits stay. Not where content comes from others, who could hide with them what they
   * leaked. Default: true.
   */
  heedComments?: boolean
  /** Default: the fastest that runs here. */
  prefilter?: (wanted: Wanted) => Prefilter
}

export interface Engine {
  /** Names what is looked for; content scanned under the same name need not be scanned again. */
  readonly detectorSet: string
  /** Scans a blob as it streams; memory stays bounded whatever its length. Throws what `blob.open` throws. */
  scan(blob: Blob, signal: AbortSignal): Promise<ScanResult>
  /** Scans bytes at hand. */
  scanBytes(bytes: Buffer): ScanResult
  /**
   * Room inside the engine's own memory to read a blob into; `scanBytes` of it, or of its beginning, then copies nothing.
   * Valid until the next call of any of these. Null where it is too long, or the machine has no SIMD.
   */
  lend(length: number): Buffer | null
  /** For blobs that are made from one another, as in a pack of git: scans what is new in each. */
  tree(): TreeScanner
  /** For many short texts that have nothing to do with one another; `found` hears of those with hits. */
  batch<Name>(found: BatchParts<Name>['found']): TextBatch<Name>
}

/** An engine for these detectors. */
export function createEngine(detectors: readonly Detector[], options: EngineOptions = {}): Engine {
  const compiled = detectors.map(compileDetector)
  const parts = {
    spotter: createSpotter(compiled, options.prefilter),
    now: options.now ?? Date.now,
    margin: longestReach(detectors),
    heedComments: options.heedComments ?? true,
  }
  const own = options.windowLength ?? ownLength
  let name: string | undefined
  function scanBytes(bytes: Buffer): ScanResult {
    const scan = startScan(parts)
    for (const window of windowsOf(bytes, parts.margin, own)) scan.take(window)
    return scan.finish()
  }
  return {
    get detectorSet() {
      return (name ??= nameSet(detectors))
    },
    async scan(blob, signal) {
      const scan = startScan(parts)
      const sliding = new SlidingWindow(parts.margin, own)
      for await (const piece of blob.open(signal)) {
        signal.throwIfAborted()
        for (const window of sliding.push(piece)) scan.take(window)
      }
      scan.take(sliding.finish())
      return scan.finish()
    },
    scanBytes,
    lend: (length) => (length > own + 2 * parts.margin ? null : parts.spotter.lend(length)),
    batch: (found) => new TextBatch({ spotter: parts.spotter, scanBytes, found }),
    tree: () => new TreeScanner({ ...parts, detectors, longest: own, scanBytes }),
  }
}

/** Encoded text is up to four times as long as what it stands for (hex in UTF-16), and nests. */
function longestReach(detectors: readonly Detector[]): number {
  const reach = Math.max(
    ...detectors.map(({ reach, maxLength }) => reach.left + Math.max(reach.right, maxLength)),
    1024,
  )
  return Math.max(16 * 1024, Math.min(4 * reach, 256 * 1024))
}

/** Bytes between hits from which on lines are counted in WebAssembly. */
const worthCounting = 1024

interface Parts {
  spotter: Spotter
  now: () => number
  margin: number
  heedComments: boolean
}

interface RunningScan {
  /** Windows in order; each is done with when this returns. */
  take(window: Window): void
  finish(): ScanResult
}

function startScan({ spotter, now, heedComments }: Parts): RunningScan {
  const lines = new LineCounter()
  const stats = { ...emptyStats(), blobs: 1 }
  const hits: Hit[] = []
  const clock = now()

  function pass(bytes: Buffer, base: number, to: number): void {
    const from = lines.at - base
    if (to - from > worthCounting) lines.pass(bytes, base, base + to, spotter.countLines(from, to))
  }

  return {
    take(window) {
      const { bytes, base, ownStart, ownEnd, last } = window
      const owns = (at: number) => at + base >= ownStart && at + base < ownEnd
      const found = scanWindow(bytes, spotter, clock, {
        heedComments,
        candidate: (at) => void (owns(at) && stats.candidates++),
        drop: (reason, at) => void (owns(at) && (stats.drops[reason] = (stats.drops[reason] ?? 0) + 1)),
      })
      for (const one of found) {
        if (!owns(one.start)) continue
        pass(bytes, base, one.start)
        hits.push(toHit(one, window, lines))
      }
      stats.bytesScanned += ownEnd - ownStart
      // Lines are counted for the hits of later windows alone.
      if (!last) lines.pass(bytes, base, ownEnd, spotter.countLines(lines.at - base, ownEnd - base))
    },
    finish() {
      stats.hits = hits.length
      return { hits, stats }
    },
  }
}
