/** The guarded client against a real TLS server, with names that resolve as each test says. */
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { checkTarget, createOutbound, isPublicAddress, type Outbound } from '../../src/base/outbound.ts'
import { makeCertificate } from '../../src/demo/issuer/certificate.ts'
import { AppError } from '../../src/model/errors.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Handler = Parameters<typeof createServer>[1]

async function startServer(names: string[], handler: Handler, tls: object = {}) {
  const certificate = await makeCertificate(names)
  const server: Server = createServer(
    { cert: certificate.certificate, key: certificate.key, ...tls },
    handler,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, ca: certificate.certificateAuthority }
}

function client(settings: Parameters<typeof createOutbound>[0]): Outbound {
  const outbound = createOutbound(settings)
  closers.push(() => outbound.close())
  return outbound
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

const loopback = async () => [{ address: '127.0.0.1', family: 4 }]

describe('checkTarget', () => {
  it.each([
    ['http://issuer.example.com/hook', 'only https'],
    ['ftp://issuer.example.com/', 'only https'],
    ['nonsense', 'not a URL'],
    ['https://user:word@issuer.example.com/', 'no user or password'], // keyrecall:allow
    ['https://127.0.0.1/', 'IP address'],
    ['https://0x7f.1/', 'IP address'],
    ['https://2130706433/', 'IP address'],
    ['https://[::1]/', 'IP address'],
    ['https://[::ffff:127.0.0.1]/', 'IP address'],
    ['https://８.8.8.8/', 'IP address'],
    ['https://issuer.example.com:25/', 'port 25'],
    ['https://issuer.example.com:80/', 'port 80'],
    ['https://localhost/', 'inner network'],
    ['https://localhost./', 'inner network'],
    ['https://redis/', 'inner network'],
    ['https://metadata.google.internal/', 'inner network'],
    ['https://api.default.svc/', 'inner network'],
    ['https://printer.local/', 'inner network'],
    [`https://${'a.'.repeat(130)}com/`, 'longer than 253'],
  ])('refuses %s', (url, reason) => {
    expect(() => checkTarget(url, [])).toThrow(reason)
  })

  it.each([
    'https://issuer.example.com/hook?a=b',
    'https://issuer.example.com:8443/',
    'https://bücher.example/',
  ])('lets %s through', (url) => {
    expect(checkTarget(url, []).allowPrivate).toBe(false)
  })

  it('takes an entry with a port for that port alone, and one without for any', () => {
    expect(checkTarget('https://localhost:9999/', ['localhost:9999']).allowPrivate).toBe(true)
    expect(checkTarget('https://LOCALHOST:1234/', ['localhost']).allowPrivate).toBe(true)
    expect(() => checkTarget('https://localhost:9998/', ['localhost:9999'])).toThrow('port 9998')
  })

  it('never lets an address through as a name, however it is written', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (v4, v6) => {
        const whole = v4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
        for (const host of [v4, String(whole), `0x${whole.toString(16)}`, `[${v6}]`, `${v4}.`]) {
          expect(() => checkTarget(`https://${host}/`, ['*', v4])).toThrow(AppError)
        }
      }),
    )
  })
})

it.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['fd00:ec2::254', false],
  ['64:ff9b::a00:1', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

describe('a request', () => {
  it('carries the body and only the headers that were given', async () => {
    let seen: { headers: string[]; body: string } | null = null
    const { port, ca } = await startServer(['localhost'], (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        seen = { headers: Object.keys(request.headers).sort(), body: Buffer.concat(chunks).toString() }
        response.writeHead(202, { 'Retry-After': '7' }).end('[]')
      })
    })
    const outbound = client({ allowPrivateHosts: [`localhost:${port}`] })

    const answer = await outbound.request({
      method: 'POST',
      url: `https://localhost:${port}/hook`,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from('[1]'),
      certificateAuthority: ca,
    })

    expect(answer.status).toBe(202)
    expect(answer.headers['retry-after']).toBe('7')
    expect(answer.body.toString()).toBe('[]')
    expect(seen).toEqual({
      headers: ['accept-encoding', 'connection', 'content-length', 'content-type', 'host'],
      body: '[1]',
    })
  })

  it('goes to the address that was checked, under the name that was asked for', async () => {
    let asked = ''
    const { port, ca } = await startServer(['issuer.example.com'], (request, response) => {
      asked = request.headers.host ?? ''
      response.end()
    })
    const lookups: string[] = []
    const outbound = client({
      allowPrivateHosts: ['issuer.example.com'],
      resolve: async (host) => {
        lookups.push(host)
        return loopback()
      },
    })

    const url = `https://issuer.example.com:${port}/`
    const answer = await outbound.request({ method: 'GET', url, headers: {}, certificateAuthority: ca })

    expect(answer.status).toBe(200)
    expect(asked).toBe(`issuer.example.com:${port}`)
    expect(lookups).toEqual(['issuer.example.com'])
  })

  it('is refused when one of several addresses is private, and no connection is made', async () => {
    const outbound = client({
      allowPrivateHosts: [],
      resolve: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.7', family: 4 },
      ],
    })

    const error = await failure(
      outbound.request({ method: 'GET', url: 'https://issuer.example.com/x', headers: {} }),
    )

    expect(error.code).toBe('blocked_target')
    expect(error.retryable).toBe(false)
  })

  it('with a CA of its own is refused for a host that is not listed', async () => {
    const { ca } = await startServer(['localhost'], (_request, response) => response.end())
    const outbound = client({ allowPrivateHosts: [] })

    const error = await failure(
      outbound.request({
        method: 'GET',
        url: 'https://issuer.example.com/',
        headers: {},
        certificateAuthority: ca,
      }),
    )

    expect(error.code).toBe('blocked_target')
  })

  it('fails when the certificate is signed by somebody else or made out to another name', async () => {
    const { port, ca } = await startServer(['other.example.com'], (_request, response) => response.end())
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback })
    const url = `https://localhost:${port}/`

    const unknown = await failure(outbound.request({ method: 'GET', url, headers: {} }))
    const misnamed = await failure(
      outbound.request({ method: 'GET', url, headers: {}, certificateAuthority: ca }),
    )

    expect(unknown.code).toBe('remote_failed')
    expect(misnamed.code).toBe('remote_failed')
    expect(misnamed.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it('does not speak TLS below 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
    const { port, ca } = await startServer(['localhost'], (_request, response) => response.end(), old)
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback })

    const error = await failure(
      outbound.request({
        method: 'GET',
        url: `https://localhost:${port}/`,
        headers: {},
        certificateAuthority: ca,
      }),
    )

    expect(error.code).toBe('remote_failed')
  })

  it('gives a redirect back instead of following it', async () => {
    let calls = 0
    const { port, ca } = await startServer(['localhost'], (_request, response) => {
      calls++
      response.writeHead(302, { location: 'https://localhost/elsewhere' }).end()
    })
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback })

    const answer = await outbound.request({
      method: 'GET',
      url: `https://localhost:${port}/`,
      headers: {},
      certificateAuthority: ca,
    })

    expect(answer.status).toBe(302)
    expect(calls).toBe(1)
  })

  it('reads at most 256 KiB of an answer that never ends', async () => {
    const { port, ca } = await startServer(['localhost'], (_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    })
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback })

    const answer = await outbound.request({
      method: 'GET',
      url: `https://localhost:${port}/`,
      headers: {},
      certificateAuthority: ca,
    })

    expect(answer.truncated).toBe(true)
    expect(answer.body.length).toBe(256 * 1024)
  })

  it.each([
    ['never answers', { headersTimeout: 200 }, () => undefined],
    [
      'sends its body drop by drop',
      { totalTimeout: 400 },
      (_request: unknown, response: { writeHead(status: number): unknown; write(text: string): unknown }) => {
        response.writeHead(200)
        response.write('x')
      },
    ],
  ] as const)('ends in time at a server that %s', async (_name, limits, handler) => {
    const { port, ca } = await startServer(['localhost'], handler)
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback, ...limits })

    const error = await failure(
      outbound.request({
        method: 'GET',
        url: `https://localhost:${port}/path?word=hidden`,
        headers: {},
        certificateAuthority: ca,
      }),
    )

    expect(error.code).toBe('timeout')
    expect(error.retryable).toBe(true)
    expect(error.message).not.toContain('hidden')
  })

  it('passes on nothing of a broken answer', async () => {
    const outbound = client({ allowPrivateHosts: ['localhost'], resolve: loopback })
    const { port, ca } = await startServer(['localhost'], (request) => {
      request.socket.end('HTTP/1.1 2oo echo-of-the-body\r\n\r\n')
    })

    const error = await failure(
      outbound.request({
        method: 'GET',
        url: `https://localhost:${port}/`,
        headers: {},
        certificateAuthority: ca,
      }),
    )

    expect(error.code).toBe('remote_failed')
    expect(`${error.message}${JSON.stringify(error)}${String(error.cause)}`).not.toContain('echo-of-the-body')
  })

  it('reports a name without addresses as worth another try', async () => {
    const outbound = client({
      allowPrivateHosts: [],
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
      },
    })

    const error = await failure(
      outbound.request({ method: 'GET', url: 'https://gone.example.com/', headers: {} }),
    )

    expect(error).toMatchObject({ code: 'remote_failed', retryable: true })
  })
})
