/**
 * A real SMTP server that keeps what it receives, for the demo and the tests: mail goes over a socket, is parsed
 * from its source, and can be refused like on the internet. Without a certificate it offers no STARTTLS, since
 * the one that comes with the server library is expired.
 */
import type { AddressInfo } from 'node:net'
import { callbackify } from 'node:util'
import { simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface ReceivedMail {
  envelope: { from: string; to: string[] }
  /** By lower-case name; a repeated header is joined by line feeds. */
  headers: Readonly<Record<string, string>>
  messageId: string
  subject: string
  text: string
  /** The whole mail as it came. */
  source: string
}

/** `reject`: 550 to every recipient; `tempfail`: 451; `drop`: the mail is kept, the line is cut before the 250. */
type MailboxFault = 'none' | 'reject' | 'tempfail' | 'drop'

export interface Mailbox {
  /** `smtp://127.0.0.1:port` */
  url: string
  /** In the order they came. */
  mails(): ReceivedMail[]
  setFault(fault: MailboxFault): void
  close(): Promise<void>
}

export interface MailboxOptions {
  /** Offers STARTTLS with this certificate. */
  tls?: { certificate: string; key: string }
  port?: number
}

const maxBytes = 1_000_000

export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const received: ReceivedMail[] = []
  let fault: MailboxFault = 'none'
  const keep = callbackify(async (source: Buffer, envelope: ReceivedMail['envelope']) => {
    received.push(await parse(source, envelope))
    if (fault === 'drop') throw reply(421, 'closing')
  })
  const settings: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: options.tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(options.tls === undefined ? {} : { cert: options.tls.certificate, key: options.tls.key }),
    disableReverseLookup: true,
    size: maxBytes,
    onRcptTo(_address, _session, callback) {
      if (fault === 'reject') return callback(reply(550, 'no such user here'))
      if (fault === 'tempfail') return callback(reply(451, 'try again later'))
      return callback()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        const to = session.envelope.rcptTo.map((each) => each.address)
        keep(Buffer.concat(chunks), { from, to }, callback)
      })
    },
  }
  const server = new SMTPServer(settings)
  // Clients that hang up in the middle are part of the tests; they must not end the process.
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: () => [...received],
    setFault(next) {
      fault = next
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

async function parse(source: Buffer, envelope: ReceivedMail['envelope']): Promise<ReceivedMail> {
  const mail = await simpleParser(source)
  const headers: Record<string, string> = {}
  for (const { key, line } of mail.headerLines) {
    const value = line.slice(line.indexOf(':') + 1).trim()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}\n${value}`
  }
  return {
    envelope,
    headers,
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    source: source.toString('utf8'),
  }
}
