/** Files of detectors as nobody should write them: each works or is refused with its place, and never more. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.ts'
import { withCustomDetectors } from '../../src/scan/custom/custom-detectors.ts'
import { createEngine } from '../../src/scan/engine.ts'
import { damages, spoiled } from './bad-bytes.ts'

const good = `detectors:
  - id: acme-key
    issuer: Acme
    kind: &kind API key
    docs: https://docs.acme.example/keys
    anchors: [acme_, "acme-"]
    pattern: 'acme[_-](?:live|test)_([A-Za-z0-9]{20,24})'
    not_after: A-Za-z0-9_
    check: {name: base64-bytes, counts: [15, 16], prefix_length: 10}
    min_entropy: 2.5
    pair: {with: acme-id, within: 80}
    examples: {match: [acme_live_abcdefghij0123456789], no_match: ['acme_x']}
  - id: acme-id
    issuer: Acme
    kind: *kind
    context: [acme, "acme id"]
    pattern: '[0-9a-f]{8}-[0-9a-f]{8,12}'
    examples:
      match: ["01234567-89abcdef"]
`

const words = [
  'detectors:',
  '- id: ',
  'pattern: ',
  "'(?:a|b){1,9}'",
  '&a',
  '*a',
  '[',
  '{',
  ': ',
  '\n  ',
  '\n    ',
  '|',
  '!!binary ',
  '---\n',
  '(',
  ')',
  '{1000}',
]

describe('a file of detectors', () => {
  test('works or is refused with its place, whatever is changed in it', () => {
    let refused = 0
    const more = fc
      .array(fc.constantFrom(...words), { maxLength: 12 })
      .map((parts) => Buffer.from(parts.join('')))
    fc.assert(
      fc.property(damages, more, (changes, other) => {
        const text = spoiled(Buffer.from(good), changes, other).toString('utf8')
        try {
          createEngine(withCustomDetectors([{ name: 'acme.yaml', text }], [])).scanBytes(Buffer.from(text))
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          expect(error.code).toBe('config')
          for (const line of error.message.split('\n').slice(1))
            expect(line).toMatch(/^acme\.yaml:\d+:\d+: .|^and \d+ more$/)
          refused++
        }
      }),
      { numRuns: 500, seed: 81 },
    )

    expect(refused).toBeGreaterThan(50)
    expect(refused).toBeLessThan(500)
  })
})
