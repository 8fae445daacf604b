/**
 * Documents and archives as strangers might make them: tokens, encodings and archives in each other, then cut up, put
 * together in another order and changed. All out of a seed, so that what fails can be seen again.
 */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'
import { archiveFixture, tarFile } from '../support/archive-blob.ts'
import { pdfFile } from '../support/pdf-file.ts'
import { zipFile } from '../support/zip-file.ts'

const token: fc.Arbitrary<string> = fc
  .tuple(fc.nat(detectors.length - 1), fc.nat(1_000_000), fc.boolean())
  .map(([which, seed, wrong]) => {
    const minted = mintFor(detectors[which]?.id ?? '', seededRandom(seed))
    return wrong ? spoil(minted) : minted
  })

/** What begins something, or ends it, or changes how the next bytes are read. */
const mark = fc.constantFrom(
  '-----BEGIN ',
  '\\n',
  '\\u00',
  '%',
  '%25',
  '=',
  '"',
  "'",
  '\\',
  '://',
  '@',
  '{"',
  'eyJ',
  '\x1b[0m',
  '\r\n',
  '\n',
  '\0',
  'password = ',
  'aws_secret_access_key',
  'Authorization: Basic ',
  '=?utf-8?B?',
  '<!--',
  'AKIA',
  'ghp_',
  'xox',
)

/** Bytes written another way, again and again. */
const encodings: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => Buffer.from(bytes.toString('base64')),
  (bytes) => Buffer.from(bytes.toString('base64url')),
  (bytes) => Buffer.from(bytes.toString('hex')),
  (bytes) => Buffer.from(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')),
  (bytes) => Buffer.from(Array.from(bytes, (byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join('')),
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le').swap16(),
  (bytes) => Buffer.from(bytes.toString('base64').replaceAll(/.{19}/g, '$&\n ')),
]

const piece: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: token.map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: mark.map((text) => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.tuple(mark, fc.nat(400)).map(([text, count]) => Buffer.from(text.repeat(count))),
  },
)

/** A text with everything in it that detectors and decoders look for, and its wreckage. */
export const documents: fc.Arbitrary<Buffer> = fc
  .array(fc.tuple(piece, fc.array(fc.nat(encodings.length - 1), { maxLength: 4 })), { maxLength: 30 })
  .map((pieces) =>
    Buffer.concat(
      pieces.map(([bytes, ways]) =>
        // Each way makes it up to six times longer.
        ways.reduce((all, way) => (all.length > 20_000 ? all : (encodings[way]?.(all) ?? all)), bytes),
      ),
    ),
  )

const fixtures = [
  'two.bz2',
  'two.xz',
  'two.zst',
  'solid.7z',
  'plain.7z',
  'bcj2.7z',
  'locked.7z',
  'rows.sqlite',
  'lzma.zip',
]

type Wrapping = (content: Buffer) => Buffer | Promise<Buffer>

/** The kinds of archives that tests can write. */
export const wrappings: Readonly<Record<string, Wrapping>> = {
  zip: (content) =>
    zipFile([
      { name: 'first', content },
      { name: 'second', content: 'plain', method: 0 },
    ]),
  'stored zip': (content) => zipFile([{ name: 'in', content, method: 0 }]),
  gzip: (content) => gzipSync(content),
  tar: (content) => tarFile({ 'a/b': content, last: 'plain' }),
  ar: (content) =>
    Buffer.concat([
      Buffer.from(`!<arch>\n${'in/'.padEnd(48)}${String(content.length).padEnd(10)}\`\n`),
      content,
      Buffer.alloc(content.length % 2, '\n'),
    ]),
  pdf: (content) => pdfFile([{ content, entries: '/Type /EmbeddedFile' }]),
}

/** Archives in archives, with a document or the work of another program at the core. */
export const archives: fc.Arbitrary<{ core: Buffer | string; kinds: string[] }> = fc.record({
  core: fc.oneof(documents, fc.constantFrom(...fixtures)),
  kinds: fc.array(fc.constantFrom(...Object.keys(wrappings)), { minLength: 1, maxLength: 4 }),
})

/** The innermost kind comes first. */
export async function wrap(core: Buffer | string, kinds: readonly string[]): Promise<Buffer> {
  let bytes = typeof core === 'string' ? archiveFixture(core) : core
  for (const kind of kinds) bytes = (await wrappings[kind]?.(bytes)) ?? bytes
  return bytes
}

export interface Damage {
  kind: 'flip' | 'cut' | 'double' | 'insert' | 'splice'
  at: number
  length: number
  bytes: Uint8Array
}

/** Ways to spoil bytes, applied one after the other. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'cut', 'double', 'insert', 'splice'),
    at: fc.nat(),
    length: fc.nat(300),
    bytes: fc.uint8Array({ maxLength: 20 }),
  }),
  { maxLength: 6 },
)

/** @param other what pieces are taken from by `splice` */
export function spoiled(bytes: Buffer, list: readonly Damage[], other: Buffer): Buffer {
  return list.reduce((all, { kind, at, length, bytes: more }) => {
    const from = all.length === 0 ? 0 : at % all.length
    const before = all.subarray(0, from)
    const after = all.subarray(Math.min(all.length, from + length))
    if (kind === 'flip')
      return Buffer.concat([before, more, all.subarray(Math.min(all.length, from + more.length))])
    if (kind === 'cut') return Buffer.concat([before, after])
    if (kind === 'double')
      return Buffer.concat([before, all.subarray(from, from + length), all.subarray(from)])
    if (kind === 'insert') return Buffer.concat([before, more, all.subarray(from)])
    return Buffer.concat([
      before,
      other.subarray(at % (other.length + 1), (at % (other.length + 1)) + length),
      after,
    ])
  }, bytes)
}
