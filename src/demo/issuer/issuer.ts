/**
 * A reference issuer on the issuer kit: over TLS it verifies the webhook, disables the token, mails the holder of
 * the account and answers with feedback; a second address answers whether a token still works. Faults can be
 * switched on to see what keyrecall makes of them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createTransport } from 'nodemailer'
import {
  type Answer,
  createRevokeHandler,
  createStatusHandler,
  createVerifier,
  type PublicKeys,
  type Verifier,
} from '../../issuer-kit/index.ts'
import { type LocalCertificate, makeCertificate } from './certificate.ts'
import { createRecords, type TokenRecord } from './records.ts'

/**
 * `down`: 503; `slow`: no answer at all; `refuse`: 422; `gone`: 410; `bare-202`: disables, but answers 202 without
 * feedback; `idle-202`: answers 202 and does nothing; `false-positive`: says that it is none of its tokens;
 * `distrust`: verifies with a key that is not keyrecall's.
 */
type IssuerFault =
  | 'none'
  | 'down'
  | 'slow'
  | 'refuse'
  | 'gone'
  | 'bare-202'
  | 'idle-202'
  | 'false-positive'
  | 'distrust'

export interface IssuerOptions {
  /** keyrecall's key listing; a function where it is known only later. Either this or `keys`. */
  publicKeysUrl?: string | (() => string)
  keys?: PublicKeys
  /** Where the holders' mail goes; without it they are not mailed. */
  smtpUrl?: string
  mailFrom?: string
  headerPrefix?: string
  port?: number
  /** Sees every request before it is handled. */
  onRequest?: (request: CapturedRequest) => void
  /** Milliseconds since 1970; default the clock. */
  now?: () => number
}

export interface CapturedRequest {
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
}

export interface Issuer {
  /** Where revoke webhooks go. */
  endpoint: string
  statusEndpoint: string
  /** `localhost:port`, for the list of private hosts that may be called. */
  host: string
  certificateAuthority: string
  /** Makes the token known, as issued to this account. */
  register(token: string, account: string): void
  records(): TokenRecord[]
  setFault(fault: IssuerFault): void
  /** Resolves when the mails to holders that are on their way have been taken or refused. */
  mailed(): Promise<void>
  close(): Promise<void>
}

const maxBodyBytes = 1_000_000

export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const now = options.now ?? Date.now
  const certificate: LocalCertificate = await makeCertificate()
  const records = createRecords(now)
  const mailer = options.smtpUrl === undefined ? null : createTransport(options.smtpUrl)
  const mails = new Set<Promise<unknown>>()
  let fault: IssuerFault = 'none'
  let verifier: Verifier | null = null

  const distrustful = createVerifier({ now, keys: { public_keys: [] } })

  /** Made at the first request: the listing's address may not be known before. */
  function getVerifier(): Verifier {
    if (fault === 'distrust') return distrustful
    verifier ??= createVerifier({
      now,
      ...(options.keys === undefined ? { publicKeysUrl: listingUrl(options) } : { keys: options.keys }),
      ...(options.headerPrefix === undefined ? {} : { headerPrefix: options.headerPrefix }),
    })
    return verifier
  }

  const handleRevoke = createRevokeHandler({
    verifier: { verify: (body, headers) => getVerifier().verify(body, headers) },
    async disable(match, delivery) {
      if (fault === 'false-positive') return 'false_positive'
      if (fault === 'idle-202')
        return records.ignore(match.token, delivery.id) ? 'true_positive' : 'false_positive'
      const done = records.disable(match.token, delivery.id)
      if (done.changed) tellHolder(done.account, match.type)
      return done.known ? 'true_positive' : 'false_positive'
    },
  })
  const handleStatus = createStatusHandler({
    verifier: { verify: (body, headers) => getVerifier().verify(body, headers) },
    isActive: async (hash) => records.isActive(hash),
  })

  /** In the background: the answer must not wait for a mail server. */
  function tellHolder(account: string, type: string): void {
    if (mailer === null) return
    const sent = mailer
      .sendMail({
        from: options.mailFrom ?? 'security@issuer.example',
        to: account,
        subject: 'One of your tokens was disabled',
        text: `A token of yours (${type}) was found where others could read it. We have disabled it.\n`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
      .catch(() => undefined)
      .finally(() => mails.delete(sent))
    mails.add(sent)
  }

  async function answer(request: IncomingMessage): Promise<Answer | null> {
    const body = await readBody(request)
    const path = request.url ?? '/'
    options.onRequest?.({ path, headers: request.headers, body })
    if (fault === 'slow') return null
    if (fault === 'down') return plain(503)
    if (request.method !== 'POST' || (path !== '/revoke' && path !== '/status')) return plain(404)
    if (path === '/status') return await handleStatus(body, request.headers)
    if (fault === 'refuse') return plain(422)
    if (fault === 'gone') return plain(410)
    const answered = await handleRevoke(body, request.headers)
    const bare = fault === 'bare-202' || fault === 'idle-202'
    return bare && answered.status === 200 ? plain(202) : answered
  }

  const server = createServer(
    { cert: certificate.certificate, key: certificate.key },
    (request, response) => {
      answer(request).then(
        (answered) => reply(response, answered),
        () => reply(response, plain(500)),
      )
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const host = `localhost:${(server.address() as AddressInfo).port}`

  return {
    endpoint: `https://${host}/revoke`,
    statusEndpoint: `https://${host}/status`,
    host,
    certificateAuthority: certificate.certificateAuthority,
    register: (token, account) => records.register(token, account),
    records: () => records.list(),
    setFault(next) {
      fault = next
    },
    async mailed() {
      await Promise.all(mails)
    },
    async close() {
      await Promise.all(mails)
      mailer?.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function listingUrl(options: IssuerOptions): string {
  const url = options.publicKeysUrl
  if (url === undefined) throw new TypeError('give either publicKeysUrl or keys')
  return typeof url === 'function' ? url() : url
}

function plain(status: number): Answer {
  return { status, headers: {}, body: '' }
}

function reply(response: ServerResponse, answered: Answer | null): void {
  if (answered === null) return
  response.writeHead(answered.status, answered.headers).end(answered.body)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new RangeError('the body is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
