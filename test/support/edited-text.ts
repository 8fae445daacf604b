/**
 * Texts with credentials in them and versions of these, made by edits such as people make to files, and what a pack of git
 * would say each version copies from the one before.
 */
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import type { Random } from '../../detectors/checks/random.ts'
import { detectors } from '../../detectors/index.ts'

export interface Author {
  /** A number in [0, below). */
  int(below: number): number
  pick<T>(options: readonly T[]): T
  random: Random
}

export function authorOf(random: Random): Author {
  const int = (below: number): number => Math.floor(random() * below)
  return { int, random, pick: (options) => options[int(options.length)] as never }
}

const fillers = [
  'const total = items.length\n',
  '  return { name, value }\n',
  'The quick brown fox jumps over the lazy dog.\r\n',
  'import { readFileSync } from "node:fs"\n',
  '<li><a href="https://example.net/a%20b/c">x</a></li>\n',
  'if (index > 0) {\n\t// nothing\n}\n',
  '"name": "caf\u00e9", "path": "C:\\\\temp\\\\new"\n',
  'one\ntwo\nthree\nfour\nlongerwordwithoutanyblanks\nfive\n',
  'a9f1c3d7e5b28460a9f1c3d7e5b28461 0123456789abcdef\n',
  'x'.repeat(70),
  ' '.repeat(40),
  'lorem ipsum dolor sit amet '.repeat(12),
]
const words = [
  'password = "',
  'aws_secret_access_key: ',
  'token=',
  'secret: ',
  'datadog ',
  'algolia ',
  'api_key = ',
]
const marks = [
  ' // keyrecall:allow\n',
  '\\n',
  '\\u003d',
  '%3D',
  '%41',
  '"',
  "'",
  '\n',
  '=',
  '/',
  '-----BEGIN ',
]

/** A credential as files hold it: plain, spoiled, encoded. */
function credential(author: Author): string {
  const token = mintFor(author.pick(detectors).id, author.random)
  switch (author.int(12)) {
    case 0:
      return spoil(token)
    case 1:
      return Buffer.from(`${author.pick(words)}${token} `).toString('base64')
    case 2:
      return Buffer.from(` ${token} and more of it`).toString('base64').replace(/.{64}/g, '$&\n')
    case 3:
      return Buffer.from(token).toString('hex')
    case 4:
      return Array.from(token, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')
    case 5:
      return JSON.stringify(token).replace(/[a-f=]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
    case 6:
      return Buffer.from(`x=${token}\n`, 'utf16le').toString('latin1')
    case 7:
      return JSON.stringify({ key: token, secret: token })
    default:
      return token
  }
}

/** Some text, often with a credential or two. */
export function piece(author: Author): string {
  switch (author.int(7)) {
    case 0:
      return author.pick(words) + credential(author) + author.pick(marks)
    case 1:
      return `${credential(author)}\n`
    case 2:
      return author.pick(marks)
    case 3:
      return author.pick(words)
    default:
      return author.pick(fillers)
  }
}

/** Pieces with long stretches of nothing between some of them. */
export function newText(author: Author, pieces: number): Buffer {
  const gap = author.pick([0, 2, 40, 100])
  const parts = Array.from({ length: pieces }, () => piece(author) + filling(author, gap))
  return Buffer.from(parts.join(''), author.int(4) === 0 ? 'latin1' : 'utf8')
}

function filling(author: Author, most: number): string {
  return Array.from({ length: author.int(most + 1) }, () => author.pick(fillers)).join('')
}

/** Another version; `before` are those there were. */
export function edited(author: Author, text: Buffer, before: readonly Buffer[]): Buffer {
  const at = author.int(text.length + 1)
  const length = author.pick([0, 1, 2, 5, 16, 40, 200, 1000])
  const end = Math.min(text.length, at + length)
  const insert = (place: number, more: Buffer, until = place): Buffer =>
    Buffer.concat([text.subarray(0, place), more, text.subarray(until)])
  switch (author.int(14)) {
    case 0:
      return insert(0, Buffer.from(piece(author)))
    case 1:
      return insert(text.length, Buffer.from(piece(author)))
    case 2:
      return text.subarray(author.int(6))
    case 3:
      return text.subarray(0, Math.max(0, text.length - author.int(6)))
    case 4:
      return insert(at, Buffer.alloc(0), end)
    case 5: {
      const to = author.int(text.length + 1)
      const rest = insert(at, Buffer.alloc(0), end)
      return Buffer.concat([rest.subarray(0, to), text.subarray(at, end), rest.subarray(to)])
    }
    case 6:
      return author.pick([text, ...before])
    case 7:
      return Buffer.from(text.toString('latin1').replace(/\r?\n/g, author.pick(['\n', '\r\n'])), 'latin1')
    case 8:
      return insert(at, text.subarray(at, end))
    case 9: {
      const place = Math.max(0, Math.min(text.length - 1, at))
      return insert(
        place,
        Buffer.from(author.pick(['a', '0', '\n', ' ', '"', '%', '/'])),
        Math.min(text.length, place + author.int(2)),
      )
    }
    case 10: {
      const line = text.indexOf(0x0a, at)
      return line < 0
        ? text
        : insert(line, Buffer.from(author.pick([' # keyrecall:allow', ' // example', 'x'])))
    }
    default:
      return insert(
        at,
        Buffer.from(author.pick([piece(author), author.pick(words), author.pick(marks)])),
        author.int(2) === 0 ? at : end,
      )
  }
}

const block = 16

/** What a delta of git would copy: blocks of 16 bytes and what goes on like them, as triples. */
export function deltaOf(base: Buffer, text: Buffer): Uint32Array {
  const places = new Map<string, number>()
  for (let at = 0; at + block <= base.length; at += block)
    places.set(base.toString('latin1', at, at + block), at)
  const triples: number[] = []
  let until = 0
  for (let at = 0; at + block <= text.length; ) {
    let from = places.get(text.toString('latin1', at, at + block)) ?? -1
    if (from < 0) {
      at++
      continue
    }
    let start = at
    while (start > until && from > 0 && text[start - 1] === base[from - 1]) {
      start--
      from--
    }
    let end = at + block
    while (end < text.length && from + end - start < base.length && text[end] === base[from + end - start])
      end++
    triples.push(start, from, end - start)
    until = end
    at = end
  }
  return Uint32Array.from(triples)
}

/** Other copies that say the same text: cut, with parts left out, and from wherever a stretch stands in the base. */
export function otherCopies(author: Author, base: Buffer, text: Buffer): Uint32Array {
  const triples: number[] = []
  const exact = deltaOf(base, text)
  for (let i = 0; i < exact.length; i += 3) {
    const [at = 0, from = 0, length = 0] = exact.subarray(i, i + 3)
    for (let done = 0; done < length; ) {
      const part = Math.min(length - done, author.pick([0, 1, 3, 20, 100, 400, 3000, 100_000]))
      const other = author.int(3) === 0 ? base.indexOf(text.subarray(at + done, at + done + part)) : -1
      if (author.int(6) > 0) triples.push(at + done, other < 0 ? from + done : other, part)
      done += Math.max(1, part)
    }
  }
  return Uint32Array.from(triples)
}
