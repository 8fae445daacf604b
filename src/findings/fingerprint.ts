/**
 * The name of a credential: HMAC-SHA-256 over its canonical bytes, without the detector's id, so that one credential
 * is one finding however and by whichever detector it was met. An HMAC and not a plain hash, because short passwords
 * can be guessed.
 */
import { createHmac } from 'node:crypto'
import type { Secret } from '../model/secret.ts'

/**
 * Lower-case hex. Also names the secret, so that log lines about it can be told apart.
 * @param _detectorId who claims it; left out on purpose, see above
 */
export function fingerprint(key: Buffer, secret: Secret, _detectorId: string): string {
  const name = createHmac('sha256', key).update(canonicalBytes(secret.reveal())).digest('hex')
  secret.name(name)
  return name
}

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/

/**
 * Of a key in PEM or OpenSSH form the decoded body, so that other line lengths, line ends, indents or the escapes of
 * a JSON text make no other key; of anything else the bytes themselves.
 */
export function canonicalBytes(bytes: Buffer): Buffer {
  if (!bytes.includes('-----BEGIN ')) return bytes
  // Latin-1 keeps every byte, so that a broken block falls back to what was there.
  const body = block.exec(bytes.toString('latin1'))?.[2]
  if (body === undefined) return bytes
  const lines = body.replace(/\\[rn]|\\u000[ad]/gi, '\n').split(/[\r\n]+/)
  // Headers (`Proc-Type: 4,ENCRYPTED`) hold a colon, which base64 does not; `=xxxx` is the checksum line of PGP.
  const kept = lines.map((line) => line.trim()).filter((line) => !line.includes(':') && !/^=[^=]/.test(line))
  const text = kept.join('').replace(/[\s"',;\\]/g, '')
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(text)) return bytes
  return Buffer.from(text, 'base64')
}
