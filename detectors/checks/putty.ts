/** PuTTY's key files, versions 2 and 3: a MAC over every field proves them. Source: PuTTY's documentation, appendix C. */
import { createHash, createHmac } from 'node:crypto'
import type { CheckResult } from '../../src/model/detector.ts'
import { failed, passed, verdict } from './outcome.ts'
import { bareLine, plainLines } from './pem.ts'
import { ed25519Public } from './private-key.ts'
import { type Random, randomBytes } from './random.ts'

const mac = Buffer.from('Private-MAC: ')

/** How far the file reaches: over the digits of its MAC, 0 where there is none. */
export function puttyExtent(head: Buffer): number {
  const at = head.indexOf(mac)
  if (at < 0) return 0
  const from = at + mac.length
  const digits = /^[0-9a-f]*/.exec(head.toString('latin1', from, from + 64))?.[0] ?? ''
  return from + digits.length
}

interface KeyFile {
  version: string
  algorithm: string
  encryption: string
  comment: string
  publicPart: Buffer
  privatePart: Buffer
}

export function checkPutty(secret: Buffer): CheckResult {
  const lines = plainLines(secret.toString('latin1')).split('\n').map(bareLine)
  const file = readFile(lines)
  if (!file) return failed
  if (file.encryption !== 'none') return { ...passed(40), unusable: 'encrypted' }
  return verdict(lines.at(-1) === `Private-MAC: ${macOf(file)}`, 60)
}

function readFile(lines: readonly string[]): KeyFile | null {
  const value = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
  const head = /^PuTTY-User-Key-File-([23]): (.+)$/.exec(lines[0] ?? '')
  const [encryption, comment] = [value('Encryption'), value('Comment') ?? '']
  const [publicPart, privatePart] = ['Public-Lines', 'Private-Lines'].map((name) => block(lines, name))
  if (!head?.[1] || !head[2] || !encryption || !publicPart || !privatePart) return null
  return { version: head[1], algorithm: head[2], encryption, comment, publicPart, privatePart }
}

/** The base64 under the line that counts its lines. */
function block(lines: readonly string[], name: string): Buffer | null {
  const at = lines.findIndex((line) => line.startsWith(`${name}: `))
  const count = Number(lines[at]?.slice(name.length + 2))
  if (at < 0 || !(count > 0 && count < 400)) return null
  return Buffer.from(lines.slice(at + 1, at + 1 + count).join(''), 'base64')
}

function macOf({ version, algorithm, encryption, comment, publicPart, privatePart }: KeyFile): string {
  const fields = [algorithm, encryption, comment].map((text) => Buffer.from(text, 'latin1'))
  const message = Buffer.concat([...fields, publicPart, privatePart].map(counted))
  if (version === '3') return createHmac('sha256', '').update(message).digest('hex')
  const key = createHash('sha1').update('putty-private-key-file-mac-key').digest()
  return createHmac('sha1', key).update(message).digest('hex')
}

function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** An unencrypted Ed25519 key. */
export function mintPutty(random: Random): string {
  const seed = randomBytes(random, 32)
  const publicPart = Buffer.concat([counted(Buffer.from('ssh-ed25519')), counted(ed25519Public(seed))])
  const file = { version: '3', algorithm: 'ssh-ed25519', encryption: 'none', comment: 'deploy' }
  const privatePart = counted(seed)
  const text = publicPart.toString('base64')
  return [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: none',
    'Comment: deploy',
    'Public-Lines: 2',
    text.slice(0, 64),
    text.slice(64),
    'Private-Lines: 1',
    privatePart.toString('base64'),
    `Private-MAC: ${macOf({ ...file, publicPart, privatePart })}`,
  ].join('\n')
}
