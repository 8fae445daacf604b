/** Our own credentials never show in a log line, in whatever form they get there. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { createMetrics } from '../../src/base/metrics.ts'
import { Secret } from '../../src/model/secret.ts'

function collect(scrub: string[]) {
  const lines: string[] = []
  const log = createLog({
    level: 'info',
    scrub,
    destination: { write: (line: string) => void lines.push(line) },
  })
  return { log, text: () => lines.join('') }
}

describe('a log line', () => {
  test('shows no secret: plain, in base64 after any prefix, or in the text of an error', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12, maxLength: 40 }),
        fc.string({ maxLength: 5 }),
        (secret, prefix) => {
          const { log, text } = collect([secret])
          const wrapped = Buffer.from(`${prefix}${secret}`).toString('base64')
          const inner = Buffer.from(secret).toString('base64').slice(0, 12)

          log.info(
            { plain: `${prefix}${secret}`, basic: `Basic ${wrapped}`, err: new Error(secret) },
            'fixed',
          )

          const escaped = JSON.stringify(secret).slice(1, -1)
          expect(text()).not.toContain(escaped)
          // The first bytes of the secret at alignment 0.
          if (Buffer.byteLength(prefix) % 3 === 0) expect(text()).not.toContain(inner)
          expect(JSON.parse(text())).toMatchObject({ msg: 'fixed' })
        },
      ),
    )
  })

  test.each([
    [
      'database, which quotes the row',
      { code: '23514', detail: 'row', where: 'row', hint: 'row', parameters: ['row'] },
    ],
    [
      'GitHub client, which holds request and answer',
      { status: 500, request: { headers: { x: 'row' } }, response: { data: 'row' } },
    ],
    ['S3 client, which holds the answer', { $metadata: { requestId: 'row' }, $response: { body: 'row' } }],
    ['HTTP client, which holds raw bytes', { code: 'HPE_INVALID_HEADER', data: 'row' }],
    [
      'mail client, which holds the dialogue',
      { code: 'EENVELOPE', response: 'row', rejectedErrors: [{ recipient: 'row' }] },
    ],
  ])('shows nothing that hangs on an error of the %s', (_of, fields) => {
    const planted = ['made', 'up', 'value', 'of', 'others'].join('-')
    const held = JSON.parse(JSON.stringify(fields).replaceAll('row', planted)) as object
    const { log, text } = collect([])
    const bare = Object.assign(new Error('it failed'), held)

    log.error({ err: bare }, 'fixed')
    log.error({ err: new Error('outer', { cause: bare }) }, 'fixed')
    log.error({ err: new AggregateError([bare], 'all failed') }, 'fixed')
    log.error(bare)
    log.error({ error: bare, cause: bare }, 'fixed')

    expect(text()).not.toContain(planted)
    expect(text()).toContain('it failed')
    if ('code' in fields) expect(text()).toContain(fields.code)
  })

  test('shows a Secret as its label', () => {
    const { log, text } = collect([])

    log.info({ secret: new Secret(Buffer.from('hidden-value'), 'some-detector') }, 'fixed')

    expect(text()).toContain('[secret some-detector]')
    expect(text()).not.toContain('hidden-value')
  })

  test('keeps ordinary words when a secret is too short to be one', () => {
    const { log, text } = collect(['a'])

    log.info('a fixed message')

    expect(text()).toContain('a fixed message')
  })
})

test('two sets of metrics in one process do not add up', async () => {
  const [one, other] = [createMetrics(), createMetrics()]

  one.hits.inc({ detector: 'some-detector' })

  expect(await one.registry.metrics()).toContain('keyrecall_hits_total{detector="some-detector"} 1')
  expect(await other.registry.metrics()).not.toContain('some-detector')
})
