/**
 * PDF: the text of its pages and whatever else is compressed in it. Objects are found by looking through the file, not by
 * its table, which broken and patched files have wrong. Format: ISO 32000-1.
 */
import { AppError } from '../../model/errors.ts'
import type { Stretches } from './blanked.ts'
import { type Budget, boundMember, countMember, LimitReached } from './limits.ts'
import type { PackedMember } from './members.ts'
import { type FontMaps, readFontMaps } from './pdf-fonts.ts'
import { type StreamObject, streamObjects, unpackObject } from './pdf-objects.ts'
import { holdsText, textOfContent } from './pdf-text.ts'

/** It is held in memory whole, its streams one by one. */
export const longestPdf = 32 * 1024 * 1024
const longestStream = 16 * 1024 * 1024
/** Streams that hold no text: pictures, fonts, colours, and the table of objects, whose numbers are packed by difference. */
const noText =
  /\/Subtype\s*\/(?:Image|Type1C|CIDFontType0C|OpenType)\b|\/Length[123]\s|\/N\s+[134]\s*\/Alternate|\/Type\s*\/XRef\b/

/**
 * Yields a member for each stream with text in it.
 * @param covered hears which bytes of the file were unpacked
 * @throws AppError (archive_encrypted)
 */
export async function* pdfMembers(
  bytes: Buffer,
  budget: Budget,
  covered: Stretches,
): AsyncGenerator<PackedMember> {
  if (isEncrypted(bytes)) {
    throw new AppError('archive_encrypted', 'it is encrypted and cannot be read without its password')
  }
  const fonts = readFontMaps(bytes)
  for (const object of streamObjects(bytes)) {
    if (noText.test(object.dictionary)) continue
    countMember(budget)
    const content = contentOf(bytes, object)
    if (content === null) continue
    if (Buffer.isBuffer(content)) covered.add(object.start, object.end)
    const packed = object.end - object.start
    const refused = Buffer.isBuffer(content) ? null : content
    const text = Buffer.isBuffer(content) ? content : Buffer.alloc(0)
    const unpacked = boundMember(pieces(text, fonts), budget, () => packed)
    yield { name: `object ${object.number}`, size: null, refused, bytes: unpacked }
  }
}

/** The dictionary that says so stands at the end, or in the table of objects there. */
function isEncrypted(bytes: Buffer): boolean {
  const at = bytes.lastIndexOf('/Encrypt')
  return at >= 0 && /^\/Encrypt\s+\d+\s+\d+\s+R/.test(bytes.toString('latin1', at, at + 40))
}

function contentOf(bytes: Buffer, object: StreamObject): Buffer | LimitReached | null {
  try {
    return unpackObject(bytes, object, longestStream)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    return new LimitReached(`this stream unpacks to more than ${longestStream} bytes; it was not read`, false)
  }
}

async function* pieces(content: Buffer, fonts: FontMaps): AsyncGenerator<Uint8Array> {
  yield holdsText(content) ? Buffer.from(textOfContent(content, fonts)) : content
}
