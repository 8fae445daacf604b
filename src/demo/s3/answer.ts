/** What an operation gives back; the server writes it to the wire, perhaps spoilt by a fault. */
import { document } from './xml.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** 200 with an XML body. */
export function xmlAnswer(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(document(body)) }
}

/** No body. */
export function emptyAnswer(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) }
}
