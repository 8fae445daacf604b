/** What answers mean: the retry table, the schedule, feedback and status look-ups. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isRetryable,
  nextDelay,
  outcomeOf,
  parseFeedback,
  parseRetryAfter,
  parseStatus,
  sha256Hex,
} from '../../../src/respond/revoke/outcome.ts'

describe('a status', () => {
  it.each([200, 201, 202, 204])('%i is done', (status) => {
    expect(outcomeOf(status)).toBe('delivered')
  })

  it.each([301, 302, 307, 308])('%i is a wrong address, not to be followed', (status) => {
    expect(outcomeOf(status)).toBe('redirected')
    expect(isRetryable('redirected')).toBe(false)
  })

  it.each([400, 401, 403, 404, 405, 413, 415, 422, 501])('%i is permanent', (status) => {
    expect(outcomeOf(status)).toBe('refused')
    expect(isRetryable('refused')).toBe(false)
  })

  it.each([408, 425, 429, 500, 502, 503, 504])('%i is tried again', (status) => {
    expect(isRetryable(outcomeOf(status))).toBe(true)
  })

  it('410 switches the endpoint off', () => {
    expect(outcomeOf(410)).toBe('gone')
    expect(isRetryable('gone')).toBe(false)
  })

  it('only a 2xx ever counts as delivered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), (status) => {
        expect(outcomeOf(status) === 'delivered').toBe(status >= 200 && status < 300)
      }),
    )
  })
})

describe('the next attempt', () => {
  const delays = [0, 5, 30, 120]

  it('comes after the delay of the schedule, give or take a fifth', () => {
    expect(nextDelay(1, delays, 0.5, null)).toBe(5_000)
    expect(nextDelay(2, delays, 0, null)).toBe(24_000)
    expect(nextDelay(3, delays, 1, null)).toBe(144_000)
  })

  it('never comes when the schedule is used up', () => {
    expect(nextDelay(4, delays, 0.5, null)).toBeNull()
  })

  it('waits as long as the issuer asks, up to an hour', () => {
    expect(nextDelay(1, delays, 0.5, 60_000)).toBe(60_000)
    expect(nextDelay(1, delays, 0.5, 86_400_000)).toBe(3_600_000)
    expect(nextDelay(3, delays, 0.5, 1_000)).toBe(120_000)
  })

  it('stays within its bounds whatever the random source gives', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        (random, made) => {
          const seconds = delays[made] ?? 0
          const delay = nextDelay(made, delays, random, null) ?? -1
          expect(delay).toBeGreaterThanOrEqual(seconds * 800)
          expect(delay).toBeLessThanOrEqual(seconds * 1200)
        },
      ),
    )
  })

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.UTC(2026, 10, 24)
    expect(parseRetryAfter('120', now)).toBe(120_000)
    expect(parseRetryAfter(new Date(now + 9_000).toUTCString(), now)).toBe(9_000)
    expect(parseRetryAfter(new Date(now - 9_000).toUTCString(), now)).toBe(0)
    expect(parseRetryAfter('soon', now)).toBeNull()
    expect(parseRetryAfter(undefined, now)).toBeNull()
  })
})

describe('feedback', () => {
  const hash = sha256Hex('made-up')
  const read = (value: unknown) => parseFeedback(Buffer.from(JSON.stringify(value)), [hash]).get(hash)

  it.each([
    [{ token_raw: 'made-up', token_type: 't', label: 'true_positive' }, 'true_positive'],
    [{ token_hash: hash, token_type: 't', label: 'false_positive' }, 'false_positive'],
    [{ token_hash: hash.toUpperCase(), token_type: 't', label: 'true_positive' }, 'true_positive'],
    [{ token_raw: 'another', token_type: 't', label: 'true_positive' }, undefined],
    [{ token_raw: 'made-up', token_hash: hash, token_type: 't', label: 'true_positive' }, undefined],
    [{ token_type: 't', label: 'true_positive' }, undefined],
    [{ token_hash: hash, token_type: 't', label: 'TRUE_POSITIVE' }, undefined],
    [{ token_hash: 7, label: 'true_positive' }, undefined],
    [null, undefined],
  ])('%j means %s', (entry, expected) => {
    expect(read([entry])).toBe(expected)
  })

  it('that contradicts itself counts as a true positive', () => {
    const entry = (label: string) => ({ token_hash: hash, token_type: 't', label })
    expect(read([entry('true_positive'), entry('false_positive')])).toBe('true_positive')
    expect(read([entry('false_positive'), entry('true_positive')])).toBe('true_positive')
  })

  it.each(['', 'OK', '{"label":"true_positive"}', '[', 'null'])('is absent from %j', (text) => {
    expect(parseFeedback(Buffer.from(text), [hash]).size).toBe(0)
  })

  it('never throws and never speaks of a token that was not sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        for (const key of parseFeedback(Buffer.from(text), [hash]).keys()) expect(key).toBe(hash)
      }),
    )
  })
})

describe('a status look-up', () => {
  const hash = sha256Hex('made-up')
  const read = (value: unknown) => parseStatus(Buffer.from(JSON.stringify(value)), hash)

  it.each([
    [{ statuses: [{ token_hash: hash, active: false }] }, 'inactive'],
    [{ statuses: [{ token_hash: hash, active: true }] }, 'active'],
    [{ statuses: [{ token_hash: hash, active: null }] }, 'unknown'],
    [{ statuses: [{ token_hash: sha256Hex('other'), active: false }] }, 'unknown'],
    [{ statuses: [{ token_hash: hash, active: 'false' }] }, 'unknown'],
    [{ statuses: [] }, 'unknown'],
    [[], 'unknown'],
    [null, 'unknown'],
  ])('%j says %s', (answer, expected) => {
    expect(read(answer)).toBe(expected)
  })
})
