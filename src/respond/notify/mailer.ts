/**
 * The way to the mail server: one pool of connections, STARTTLS or TLS as the URL says (`smtp://`, `smtps://`,
 * `?requireTLS=true`). An error carries the server's code, not its words, which may repeat the address.
 */
import { createTransport } from 'nodemailer'

export interface OutgoingMail {
  to: string
  /** With angle brackets; the same on every attempt. */
  messageId: string
  subject: string
  text: string
}

export class MailError extends Error {
  override readonly name = 'MailError'
  /** `smtp_550`, or the transport's code: for the row and the log. */
  readonly code: string
  /** The server will not take this mail, whenever it is asked. */
  readonly permanent: boolean

  constructor(code: string, permanent: boolean) {
    super(`the mail was not accepted: ${code}`)
    this.code = code
    this.permanent = permanent
  }
}

export interface Mailer {
  /** Domain for message ids. */
  domain: string
  /** Resolves when the server has taken the mail. Throws `MailError`. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

export interface MailerSettings {
  smtpUrl: string
  from: string
}

export function createMailer(settings: MailerSettings): Mailer {
  const transport = createTransport({
    url: settings.smtpUrl,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    // Of silence; the claim is held as long as it takes.
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(settings.from)?.[1] ?? 'keyrecall.invalid'
  return {
    domain: domain.toLowerCase(),
    async send(mail) {
      try {
        await transport.sendMail({
          from: settings.from,
          // As an object, so that nothing in it is read as a list of addresses.
          to: { name: '', address: mail.to },
          envelope: { from: addressOf(settings.from), to: [mail.to] },
          messageId: mail.messageId,
          subject: mail.subject,
          text: mail.text,
          headers: { 'Auto-Submitted': 'auto-generated' },
          xMailer: false,
        })
      } catch (error) {
        throw asMailError(error)
      }
    },
    close: () => transport.close(),
  }
}

function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim()
}

function asMailError(error: unknown): MailError {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  if (typeof responseCode === 'number') {
    // A refused login is the operator's to mend; the mail itself is fine.
    const permanent = responseCode >= 500 && responseCode < 600 && code !== 'EAUTH'
    return new MailError(`smtp_${responseCode}`, permanent)
  }
  const name = typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code.toLowerCase() : 'failed'
  return new MailError(name, false)
}
