/** What was found becomes what is told: with its lines, and its value behind a `Secret`. */
import type { Span } from '../model/blob.ts'
import type { Hit } from '../model/hit.ts'
import { Secret } from '../model/secret.ts'
import type { Found } from './found.ts'
import type { LineCounter } from './lines.ts'
import type { Window } from './window.ts'

/** The hit that `found` in a window is; lines are counted on to where it begins. */
export function toHit(found: Found, window: Pick<Window, 'bytes' | 'base'>, lines: LineCounter): Hit {
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

function toSpan(
  { start, end }: Found,
  { bytes, base }: Pick<Window, 'bytes' | 'base'>,
  lines: LineCounter,
): Span {
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
