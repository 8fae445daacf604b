import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readConfig, secretsOf, variableDescriptions } from '../../src/config/config.ts'
import { describeConfig } from '../../src/config/describe.ts'

const serviceKey = Buffer.alloc(32, 9).toString('base64')

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return ''
}

describe('the configuration', () => {
  test('needs nothing, has no secret by default and cannot be changed', () => {
    const config = readConfig({})

    expect(config).toMatchObject({
      listen: '127.0.0.1:8787',
      logLevel: 'info',
      serviceKey: undefined,
      gitAllowFile: false,
    })
    expect(secretsOf(config)).toEqual([])
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('reads every kind of value, and takes an empty variable for none', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://u:p%40ss@db/x', // keyrecall:allow
      KEYRECALL_SERVICE_KEY: serviceKey,
      S3_ANONYMOUS: 'true',
      OWNER_DOMAINS: 'A.example, b.example,',
      ALLOW_PRIVATE_HOSTS: 'issuer.internal:8443,[::1]:1,10.0.0.5',
      DELIVERY_DELAYS_SECONDS: '0, 0.5,2',
      KEYRECALL_LISTEN: '[::]:80',
      REDIS_URL: ' ',
      SMTP_URL: '',
    })

    expect(config).toMatchObject({
      s3Anonymous: true,
      ownerDomains: ['a.example', 'b.example'],
      allowPrivateHosts: ['issuer.internal:8443', '[::1]:1', '10.0.0.5'],
      deliveryDelaysSeconds: [0, 0.5, 2],
      listen: '[::]:80',
      redisUrl: undefined,
      smtpUrl: undefined,
    })
    expect(config.serviceKey).toHaveLength(32)
    expect(secretsOf(config)).toEqual(expect.arrayContaining([serviceKey, 'p@ss', 'p%40ss']))
  })

  test('lists every problem at once, by name and without the values', () => {
    const message = problemsOf({
      DATABASE_URL: 'postgres://u:hunter2hunter2@db/x', // keyrecall:allow
      REDIS_URL: 'https://hunter3hunter3',
      KEYRECALL_LISTEN: 'nowhere',
      LOG_LEVEL: 'loud',
      S3_ANONYMOUS: 'perhaps',
      SMTP_URL: 'smtp://mail',
      CONFIRM_DELAYS_SECONDS: '1,,2',
      WORKER_CONCURRENCY: '0',
    })

    for (const name of ['REDIS_URL', 'KEYRECALL_LISTEN', 'LOG_LEVEL', 'S3_ANONYMOUS', 'MAIL_FROM']) {
      expect(message).toContain(name)
    }
    for (const name of [
      'CONFIRM_DELAYS_SECONDS',
      'WORKER_CONCURRENCY',
      'KEYRECALL_SERVICE_KEY: must be set with',
    ]) {
      expect(message).toContain(name)
    }
    expect(message).not.toMatch(/hunter|nowhere|loud|perhaps/)
  })

  test.each(['c2hvcnQ=', 'x'.repeat(44), serviceKey.slice(0, 40), `${serviceKey}AAAA`])(
    'refuses "%s" as a service key',
    (text) => {
      expect(problemsOf({ KEYRECALL_SERVICE_KEY: text })).toContain('KEYRECALL_SERVICE_KEY')
    },
  )
})

test('the table has every variable that the source names, each with a description', () => {
  const source = readFileSync(new URL('../../src/config/config.ts', import.meta.url), 'utf8')
  const named = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map((match) => match[1])

  expect(variableDescriptions.map((one) => one.name)).toEqual(named)
  for (const { name, description } of variableDescriptions) {
    expect(description.length).toBeGreaterThan(10)
    expect(describeConfig()).toContain(`| \`${name}\` | `)
  }
})
