/**
 * Blob in, hits out. The steps stand in `window-scan.ts`; here the blob is cut into windows, hits get their lines
 * and their `Secret`, and everything that went in and out is counted.
 */
import type { Blob, Span } from '../model/blob.ts'
import type { Detector } from '../model/detector.ts'
import { emptyStats, type Hit, type ScanStats } from '../model/hit.ts'
import { Secret } from '../model/secret.ts'
import { compileDetector, nameSet } from './compile.ts'
import { createSpotter, type Spotter } from './detect.ts'
import type { Found } from './found.ts'
import { LineCounter } from './lines.ts'
import type { Prefilter, Wanted } from './prefilter.ts'
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
}

/** An engine for these detectors. */
export function createEngine(detectors: readonly Detector[], options: EngineOptions = {}): Engine {
  const compiled = detectors.map(compileDetector)
  const parts = {
    spotter: createSpotter(compiled, options.prefilter),
    now: options.now ?? Date.now,
    margin: longestReach(detectors),
  }
  const own = options.windowLength ?? ownLength
  let name: string | undefined
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
    scanBytes(bytes) {
      const scan = startScan(parts)
      for (const window of windowsOf(bytes, parts.margin, own)) scan.take(window)
      return scan.finish()
    },
    lend: (length) => (length > own + 2 * parts.margin ? null : parts.spotter.lend(length)),
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

interface Parts {
  spotter: Spotter
  now: () => number
  margin: number
}

interface RunningScan {
  /** Windows in order; each is done with when this returns. */
  take(window: Window): void
  finish(): ScanResult
}

function startScan({ spotter, now }: Parts): RunningScan {
  const lines = new LineCounter()
  const stats = { ...emptyStats(), blobs: 1 }
  const hits: Hit[] = []
  const clock = now()

  return {
    take(window) {
      const { bytes, base, ownStart, ownEnd, last } = window
      const owns = (at: number) => at + base >= ownStart && at + base < ownEnd
      const found = scanWindow(bytes, spotter, clock, {
        candidate: (at) => void (owns(at) && stats.candidates++),
        drop: (reason, at) => void (owns(at) && (stats.drops[reason] = (stats.drops[reason] ?? 0) + 1)),
      })
      for (const one of found) if (owns(one.start)) hits.push(toHit(one, window, lines))
      stats.bytesScanned += ownEnd - ownStart
      // Lines are counted for the hits of later windows alone.
      if (!last) lines.skip(bytes, base, ownEnd, spotter.countLines(lines.at - base, ownEnd - base))
    },
    finish() {
      stats.hits = hits.length
      return { hits, stats }
    },
  }
}

function toHit(found: Found, window: Window, lines: LineCounter): Hit {
  const { detector } = found.compiled
  return {
    detector: detector.id,
    issuer: detector.issuer,
    kind: detector.kind,
    secret: new Secret(found.value, detector.id),
    ...(found.companion
      ? { companion: new Secret(found.companion, detector.pair?.with ?? detector.id) }
      : {}),
    redacted: redact(found.value),
    check: detector.checkKind,
    checkPassed: found.checkPassed,
    checkBits: found.bits,
    confidence: found.confidence,
    label: found.label,
    facts: found.facts,
    span: toSpan(found, window, lines),
    decoding: found.decoding,
  }
}

/** At most the first four characters, and never more than a fifth: they are the format's, not the secret's. */
function redact(value: Buffer): string {
  const shown = value.toString('latin1', 0, Math.min(4, Math.floor(value.length / 5)))
  return `${shown.replace(/[^\x21-\x7e]/g, '.')}…`
}

function toSpan({ start, end }: Found, { bytes, base }: Window, lines: LineCounter): Span {
  const first = lines.position(bytes, base, base + start)
  const last = lines.peek(bytes, base, base + end)
  return {
    start_line: first.line,
    start_column: first.column,
    end_line: last.line,
    end_column: last.column,
    byte_start: base + start,
    byte_end: base + end,
  }
}
