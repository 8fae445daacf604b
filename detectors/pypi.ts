/** PyPI: an API token is a macaroon in binary form (libmacaroons v2), read here to its last byte. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { jsonObject, strictBase64 } from './checks/base64.ts'
import { failed, passed } from './checks/outcome.ts'
import { type Random, randomBytes, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const pypi: readonly Detector[] = [
  prefixed({
    id: 'pypi-token',
    issuer: 'PyPI',
    kind: 'API token',
    docs: 'https://pypi.org/help/#apitoken',
    anchors: ['pypi-AgE'],
    pattern: 'pypi-AgE[A-Za-z0-9_-]{60,1000}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 1010,
    checkKind: 'structure',
    check: checkPypi,
    revoke: 'dashboard only',
    mint: mintPypi,
  }),
]

interface Packet {
  tag: number
  content: Buffer
}

/** Packets up to the end-of-section byte, or null. Lengths are varints of at most two bytes here. */
function readSection(bytes: Buffer, from: number): { packets: Packet[]; end: number } | null {
  const packets: Packet[] = []
  let at = from
  while (bytes[at] !== 0) {
    const tag = bytes[at]
    const low = bytes[at + 1]
    if (tag === undefined || low === undefined) return null
    const long = low >= 0x80
    const length = long ? (low & 0x7f) | ((bytes[at + 2] ?? 0) << 7) : low
    const start = at + (long ? 3 : 2)
    if (start + length > bytes.length) return null
    packets.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return { packets, end: at + 1 }
}

function checkPypi(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1', 5))
  if (bytes?.[0] !== 2) return failed
  const head = readSection(bytes, 1)
  const [location, identifier] = head?.packets ?? []
  const where = location?.content.toString('latin1') ?? ''
  if (!head || location?.tag !== 1 || !/^(?:test\.)?pypi\.org$/.test(where)) return failed
  if (identifier?.tag !== 2 || !/^[0-9a-f-]{36}$/i.test(identifier.content.toString('latin1'))) return failed
  return restFits(bytes, head.end) ? passed(60, { registry: where }) : failed
}

/** Caveats, each its own section with one JSON value; an empty section; 32 bytes of signature; nothing after. */
function restFits(bytes: Buffer, from: number): boolean {
  let at = from
  while (bytes[at] !== 0) {
    const caveat = readSection(bytes, at)
    if (caveat?.packets.length !== 1 || caveat.packets[0]?.tag !== 2) return false
    const text = caveat.packets[0].content.toString('utf8')
    if (!jsonObject(text) && !jsonObject(`{"list":${text}}`)) return false
    at = caveat.end
  }
  return bytes[at + 1] === 6 && bytes[at + 2] === 32 && bytes.length === at + 35
}

function mintPypi(random: Random): string {
  const packet = (tag: number, content: string) =>
    Buffer.concat([Buffer.from([tag, content.length]), Buffer.from(content)])
  const zero = Buffer.from([0])
  const caveat = packet(2, `[3,"${uuid4(random)}"]`)
  const signature = Buffer.concat([Buffer.from([6, 32]), randomBytes(random, 32)])
  const head = [Buffer.from([2]), packet(1, 'pypi.org'), packet(2, uuid4(random)), zero]
  return `pypi-${Buffer.concat([...head, caveat, zero, zero, signature]).toString('base64url')}`
}
