/** PDF files by hand: objects, and streams packed or not, without the table that readers do not need. */
import { deflateSync } from 'node:zlib'

export interface PdfStream {
  content: string | Buffer
  /** Entries of its dictionary beside length and filter. */
  entries?: string
  /** Default: packed. */
  plain?: boolean
  /** Stated instead of the true length. */
  length?: string
}

/** The objects are numbered from 1; those that are text stand as they are. */
export function pdfFile(objects: readonly (string | PdfStream)[], trailer = '<< /Root 1 0 R >>'): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\n', 'latin1')]
  for (const [index, object] of objects.entries()) {
    parts.push(Buffer.from(`${index + 1} 0 obj\n`))
    if (typeof object === 'string') parts.push(Buffer.from(object, 'latin1'))
    else {
      const content = Buffer.from(object.content as string)
      const packed = object.plain ? content : deflateSync(content)
      const filter = object.plain ? '' : '/Filter /FlateDecode'
      const length = object.length ?? String(packed.length)
      parts.push(Buffer.from(`<< ${object.entries ?? ''} /Length ${length} ${filter} >>\nstream\n`, 'latin1'))
      parts.push(packed, Buffer.from('\nendstream'))
    }
    parts.push(Buffer.from('\nendobj\n'))
  }
  return Buffer.concat([...parts, Buffer.from(`trailer ${trailer}\n%%EOF\n`)])
}
