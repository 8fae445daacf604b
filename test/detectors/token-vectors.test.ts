/** The published vectors: every line whose detector exists is judged right at the vectors' own clock. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { createEngine } from '../../src/scan/engine.ts'

interface Vector {
  detector: string
  /** Base64, so that other scanners do not report the file. */
  token: string
  valid: boolean
  why: string
  context?: Record<string, string>
}

const [head = '{}', ...lines] = readFileSync(
  new URL('../../fixtures/token-vectors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
const { clock, count } = JSON.parse(head) as { clock: number; count: number }
const vectors = lines.map((line) => JSON.parse(line) as Vector)
/** The vectors of these speak of structure alone: tokens that are over at the vectors' clock count as valid. */
const endless = ['twitter-oauth2-token', 'yandex-cloud-iam-token']
const engine = createEngine(detectors, { now: () => clock * 1000 })

/** The token with what a detector needs around it. */
function inContext({ detector: id, context }: Vector, token: string): Buffer {
  const words = (detectors.find((one) => one.id === id)?.context ?? []).slice(0, 1)
  if (context?.['project_ref']) words.push(`https://${context['project_ref']}.supabase.co`)
  return Buffer.from(`${words.join(' ')} = "${token}"\n`)
}

function judged(vector: Vector): boolean {
  const token = Buffer.from(vector.token, 'base64').toString('utf8')
  const hits = engine.scanBytes(inContext(vector, token)).hits
  return hits.some(
    (hit) =>
      hit.detector === vector.detector &&
      hit.checkPassed === true &&
      hit.label !== 'encrypted' &&
      (hit.label !== 'expired' || endless.includes(hit.detector)) &&
      token.includes(hit.secret.reveal().toString('utf8')),
  )
}

const ids = [...new Set(vectors.map(({ detector }) => detector))]

describe('the token vectors', () => {
  it('are all there', () => {
    expect(vectors.length).toBe(count)
  })

  it('name no detector that does not exist', () => {
    const unknown = ids.filter((id) => !detectors.some((one) => one.id === id))

    expect(unknown).toEqual([])
  })

  it.each(ids)('of %s are judged right', (id) => {
    for (const vector of vectors.filter(({ detector }) => detector === id)) {
      expect(judged(vector), `${vector.valid ? 'valid' : 'invalid'}: ${vector.why}`).toBe(vector.valid)
    }
  })

  it.each(ids)('of %s that are wrong are no finding of its own kind', (id) => {
    for (const vector of vectors.filter(({ detector, valid }) => detector === id && !valid)) {
      const token = Buffer.from(vector.token, 'base64').toString('utf8')
      const hits = engine.scanBytes(inContext(vector, token)).hits

      const sure = hits.filter((hit) => hit.detector === id && hit.confidence !== 'low' && hit.label === null)
      expect(sure, vector.why).toEqual([])
    }
  })
})
