/**
 * PEM and OpenSSH key files, also as they stand inside JSON and source code, with `\n` written out. Encrypted
 * ones are told apart: they pass as what they are, and are of no use to a finder.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { strictBase64 } from './base64.ts'
import { derSequence } from './der.ts'
import { failed, passed, verdict } from './outcome.ts'
import { ecKeyFits, ed25519Public, pkcs8Fits, rsaKeyFits } from './private-key.ts'

const end = Buffer.from('-----END ')

/** How far an armoured block reaches from its BEGIN line: over its END line, or 0 where there is none. */
export function armourExtent(head: Buffer): number {
  const from = head.indexOf(end)
  if (from < 0) return 0
  const close = head.indexOf('-----', from + end.length)
  return close < 0 || close - from > 60 ? 0 : close + 5
}

/** `text` with its line breaks as such: source code writes them out, and JSON inside JSON even twice. */
export function plainLines(text: string): string {
  return text.replace(/\\+[rt]|\r/g, '').replace(/\\+n|\\\n/g, '\n')
}

interface Armour {
  label: string
  headers: string
  body: Buffer
}

/** The block that `text` is, or null: labels must match and the body be padded base64. */
function parseArmour(text: string): Armour | null {
  const plain = plainLines(text)
  const parts = /^-----BEGIN ([A-Z0-9 ]+)-----([^]*)-----END ([A-Z0-9 ]+)-----$/.exec(plain)
  const label = parts?.[1]
  if (!parts || !label || label !== parts[3]) return null
  const [headers, body] = splitHeaders(parts[2] ?? '')
  const joined = body.split('\n').map(bareLine).join('')
  const bytes = strictBase64(joined, { alphabet: 'standard', padding: 'full' })
  return bytes && bytes.length > 0 ? { label, headers, body: bytes } : null
}

/** A line of base64 without the quotes, comment signs and joining operators of the source code around it. */
export function bareLine(line: string): string {
  return line
    .trim()
    .replace(/^(?:["'`#*>|;]+|\/\/)\s*(?=[A-Za-z0-9+/=]|$)/, '')
    .replace(/["'`][\s+,.;\\&)]*$|\s+[+.&\\]$/, '')
}

function splitHeaders(inner: string): [string, string] {
  const blank = /\n[ \t]*\n/.exec(inner.trimStart())
  const trimmed = inner.trimStart()
  if (!blank || !trimmed.slice(0, blank.index).includes(':')) return ['', trimmed]
  return [trimmed.slice(0, blank.index), trimmed.slice(blank.index)]
}

/** RSA, EC, DSA and PKCS#8 keys. */
export function checkPemKey(secret: Buffer): CheckResult {
  const armour = parseArmour(secret.toString('latin1'))
  if (!armour) return failed
  if (armour.headers.includes('ENCRYPTED')) return { ...passed(40), unusable: 'encrypted' }
  if (armour.label === 'ENCRYPTED PRIVATE KEY') {
    return derSequence(armour.body)?.length === 2 ? { ...passed(40), unusable: 'encrypted' } : failed
  }
  return verdict(keyFits(armour), 40)
}

function keyFits({ label, body }: Armour): boolean {
  if (label === 'RSA PRIVATE KEY') return rsaKeyFits(body)
  if (label === 'EC PRIVATE KEY') return ecKeyFits(body)
  if (label === 'DSA PRIVATE KEY') return derSequence(body)?.length === 6
  return label === 'PRIVATE KEY' && pkcs8Fits(body)
}

const magic = Buffer.from('openssh-key-v1\0')

/** The reader of the length-prefixed strings of OpenSSH's PROTOCOL.key. */
class Fields {
  readonly #bytes: Buffer
  #at = 0
  /** A length pointed past the end. */
  broken = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  number(): number {
    if (this.#at + 4 > this.#bytes.length) this.broken = true
    if (this.broken) return 0
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  string(): Buffer {
    const length = this.number()
    if (this.#at + length > this.#bytes.length) this.broken = true
    if (this.broken) return Buffer.alloc(0)
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }
}

/** OpenSSH's own key files (PROTOCOL.key). */
export function checkOpensshKey(secret: Buffer): CheckResult {
  const armour = parseArmour(secret.toString('latin1'))
  if (!armour?.body.subarray(0, magic.length).equals(magic)) return failed
  const fields = new Fields(armour.body.subarray(magic.length))
  const cipher = fields.string().toString('latin1')
  const kdf = fields.string().toString('latin1')
  fields.string()
  const keys = fields.number()
  const publicKey = fields.string()
  const inner = fields.string()
  if (fields.broken || keys !== 1) return failed
  if (cipher !== 'none' || kdf !== 'none') return { ...passed(40), unusable: 'encrypted' }
  return verdict(innerFits(inner, publicKey), 40)
}

function innerFits(inner: Buffer, publicKey: Buffer): boolean {
  const fields = new Fields(inner)
  const first = fields.number()
  if (inner.length % 8 !== 0 || first !== fields.number()) return false
  const type = fields.string().toString('latin1')
  if (new Fields(publicKey).string().toString('latin1') !== type) return false
  if (type === 'ssh-ed25519' && !ed25519Fits(fields, publicKey)) return false
  if (type !== 'ssh-ed25519') {
    const count = membersOf[type]
    if (count === undefined) return !fields.broken
    for (let i = 0; i < count; i++) fields.string()
  }
  fields.string()
  return !fields.broken && fields.rest().every((byte, index) => byte === index + 1)
}

/** Strings between the key type and the comment. */
const membersOf: Readonly<Record<string, number>> = {
  'ssh-rsa': 6,
  'ssh-dss': 5,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
}

function ed25519Fits(fields: Fields, publicKey: Buffer): boolean {
  const half = fields.string()
  const whole = fields.string()
  const outer = new Fields(publicKey)
  outer.string()
  if (half.length !== 32 || whole.length !== 64 || !outer.string().equals(half)) return false
  return whole.subarray(32).equals(half) && ed25519Public(whole.subarray(0, 32)).equals(half)
}
