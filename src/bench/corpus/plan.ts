/** How many files of which kind and length a corpus gets, drawn before anything is written. */
import type { Draw } from './draw.ts'
import { type TextKind, textKinds } from './kinds.ts'

export interface PlannedFile {
  path: string
  kind: TextKind
  /** Bytes, about: a text ends with a whole piece. */
  length: number
  /** Text files are packed into this, where set. */
  packed: 'gz' | 'zip' | null
}

/** Packed files stand in for the archives that folders hold. */
const packedShare = 1 / 100
const filesInFolder = 64
const shortest = 120

/** @param bytes of all files together; `count` of them at least one */
export function planFiles(draw: Draw, bytes: number, count: number): PlannedFile[] {
  const weights = textKinds.map((kind) => kind.share / kind.length)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const drawn = Array.from({ length: count }, () => {
    const kind = pickKind(draw.random() * total, weights)
    // Lengths of files spread over three orders of magnitude; the exponent is about normal.
    const spread = Math.exp((draw.random() + draw.random() + draw.random() - 1.5) * 2.4)
    return { kind, raw: kind.length * spread }
  })
  const scale = bytes / drawn.reduce((sum, { raw }) => sum + raw, 0)
  return drawn.map(({ kind, raw }, index) => {
    const folder = `${kind.name}/${String(Math.floor(index / filesInFolder)).padStart(3, '0')}-${draw.word()}`
    const packed = draw.chance(packedShare) ? draw.pick(['gz', 'zip'] as const) : null
    const name = `${draw.name('kebab')}-${index}.${draw.pick(kind.extensions)}`
    return {
      path: `${folder}/${name}${packed === null ? '' : `.${packed}`}`,
      kind,
      length: Math.max(shortest, Math.round(raw * scale)),
      packed,
    }
  })
}

function pickKind(at: number, weights: readonly number[]): TextKind {
  let rest = at
  for (const [index, kind] of textKinds.entries()) {
    rest -= weights[index] ?? 0
    if (rest < 0) return kind
  }
  throw new RangeError('no kind of text')
}
