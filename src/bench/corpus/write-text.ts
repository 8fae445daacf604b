/** One made-up file: its text up to a length, with a credential in it where one is to be planted. */
import { gzipSync } from 'node:zlib'
import { zipOf } from '../../demo/zip-file.ts'
import type { Draw } from './draw.ts'
import type { PlannedFile } from './plan.ts'
import type { Planted } from './planted.ts'

export interface Credential {
  detector: string
  value: string
}

export interface MadeFile {
  content: Buffer
  planted: Planted | null
}

/** One in so many planted credentials is written in base64, as Kubernetes keeps them. */
const encodedOneIn = 8

export function makeFile(file: PlannedFile, draw: Draw, credential: Credential | null): MadeFile {
  const pieces: string[] = []
  let length = 0
  for (const piece of file.kind.make(draw)) {
    pieces.push(piece)
    length += piece.length
    if (length >= file.length) break
  }
  if (credential === null) return { content: pack(file, pieces.join('')).content, planted: null }

  const lineAt = draw.int(1, pieces.length)
  const encoded = draw.int(1, encodedOneIn) === 1
  const [before, behind] = file.kind.line
  const written = encoded ? Buffer.from(credential.value).toString('base64') : credential.value
  const head = startLine(pieces.slice(0, lineAt).join('')) + before
  const { content, member } = pack(file, head + written + behind + pieces.slice(lineAt).join(''))
  const start = Buffer.byteLength(head)
  const planted = {
    detector: credential.detector,
    path: file.path,
    ...(member === null ? {} : { archive_path: member }),
    byte_start: start,
    byte_end: start + Buffer.byteLength(written),
  }
  return { content, planted }
}

/** Pieces may end within a line; what is planted there would be another text. */
function startLine(text: string): string {
  return text === '' || /[\n,;})]$/.test(text) ? text : `${text}\n`
}

function pack(file: PlannedFile, text: string): { content: Buffer; member: string | null } {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.(?:gz|zip)$/, '')
  if (file.packed === 'zip') return { content: zipOf({ [name]: text }), member: name }
  const content = Buffer.from(text)
  return file.packed === 'gz' ? { content: gzipSync(content), member: name } : { content, member: null }
}
