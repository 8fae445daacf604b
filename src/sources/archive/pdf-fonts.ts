/**
 * Which characters the codes of a PDF's fonts stand for. Most programs embed the glyphs that are used and number them as
 * they please; a map to Unicode, for searching and copying, goes with them (ISO 32000-1 section 9.10.3).
 */
import { objectBefore, type StreamObject, streamObjects, unpackObject } from './pdf-objects.ts'

export interface FontMap {
  /** Bytes of a code. */
  width: 1 | 2
  characters: ReadonlyMap<number, string>
}

/** By the name under which pages use a font. Names are looked at over the whole file: they hardly ever mean two fonts. */
export type FontMaps = ReadonlyMap<string, FontMap>

const longestMap = 1024 * 1024
const mostCodes = 70_000
/** Fonts of a file, and names for them. */
const mostFonts = 2_000
/** Bytes unpacked on the search for maps. */
const mostUnpacked = 128 * 1024 * 1024
/** How far a font's dictionary is from its number. */
const fontReach = 4096
const windowLength = 1024 * 1024
/** A name, a number and an `R`. */
const longestReference = 100

export function readFontMaps(bytes: Buffer): FontMaps {
  const maps = new Map<string, FontMap>()
  const files = [bytes]
  let unpacked = 0
  for (const object of streamObjects(bytes)) {
    if (/\/Subtype\s*\/Image\b/.test(object.dictionary) || unpacked > mostUnpacked) continue
    const content = object.end - object.start > longestMap ? null : unpackQuietly(bytes, object)
    unpacked += content?.length ?? 0
    if (content === null) continue
    if (/\/Type\s*\/ObjStm\b/.test(object.dictionary)) files.push(objectsOf(content, object.dictionary))
    else if (maps.size < mostFonts && (content.includes('beginbfchar') || content.includes('beginbfrange')))
      maps.set(object.number, parseMap(content.toString('latin1')))
  }
  if (maps.size === 0) return new Map()
  const fonts = new Map(files.flatMap((file) => [...fontsIn(file, maps)]))
  return namedFonts(files, fonts)
}

function unpackQuietly(bytes: Buffer, object: StreamObject): Buffer | null {
  try {
    return unpackObject(bytes, object, 4 * longestMap)
  } catch {
    // Too long for a map; as a member it is told.
    return null
  }
}

/** Fonts by their object's number, where they have a map. */
function* fontsIn(file: Buffer, maps: ReadonlyMap<string, FontMap>): Generator<[string, FontMap]> {
  let at = file.indexOf('/ToUnicode')
  for (let count = 0; at >= 0 && count < mostFonts; count++) {
    const map = maps.get(/^\/ToUnicode\s+(\d{1,10})\s/.exec(file.toString('latin1', at, at + 40))?.[1] ?? '')
    const object = objectBefore(file, at, fontReach)
    if (map && object) yield [object.number, map]
    at = file.indexOf('/ToUnicode', at + 10)
  }
}

function namedFonts(files: readonly Buffer[], fonts: ReadonlyMap<string, FontMap>): FontMaps {
  const named = new Map<string, FontMap>()
  for (const file of files) {
    for (let at = 0; at < file.length; at += windowLength) {
      const text = file.toString('latin1', at, at + windowLength + longestReference)
      for (const [, name = '', number = ''] of text.matchAll(
        /\/([^\s/<>[\]()]{1,64})\s{1,4}(\d{1,10})\s\d{1,5}\sR/g,
      )) {
        const font = fonts.get(number)
        if (font && named.size < mostFonts && !named.has(name)) named.set(name, font)
      }
    }
  }
  return named
}

/** The objects inside a stream of objects, written as they would stand outside. */
function objectsOf(content: Buffer, dictionary: string): Buffer {
  const first = Number(/\/First\s+(\d{1,10})/.exec(dictionary)?.[1] ?? 0)
  const numbers = content.toString('latin1', 0, first).trim().split(/\s+/).map(Number)
  const objects: Buffer[] = []
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const from = first + (numbers[i + 1] ?? 0)
    const to = first + (numbers[i + 3] ?? content.length)
    objects.push(Buffer.from(`\n${numbers[i]} 0 obj `), content.subarray(from, Math.max(from, to)))
  }
  return Buffer.concat(objects)
}

function parseMap(text: string): FontMap {
  const characters = new Map<number, string>()
  const width = /begincodespacerange\s*<([0-9A-Fa-f]+)>/.exec(text)?.[1]?.length === 2 ? 1 : 2
  for (const body of between(text, 'beginbfchar', 'endbfchar')) {
    for (const [, code = '', to = ''] of body.matchAll(/<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,64})>/g)) {
      if (characters.size < mostCodes) characters.set(Number.parseInt(code, 16), unicode(to))
    }
  }
  for (const body of between(text, 'beginbfrange', 'endbfrange')) {
    const ranges = /<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*(?:<([0-9A-Fa-f]{1,64})>|\[([^\]]*)\])/g
    for (const [, low = '', high = '', to = '', list] of body.matchAll(ranges)) {
      const from = Number.parseInt(low, 16)
      const each = list?.match(/[0-9A-Fa-f]+/g)
      const count = Math.min(Number.parseInt(high, 16) - from, 0xffff)
      for (let i = 0; i <= count && characters.size < mostCodes; i++)
        characters.set(from + i, each ? unicode(each[i] ?? '') : following(to, i))
    }
  }
  return { width, characters }
}

function* between(text: string, start: string, end: string): Generator<string> {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const stop = text.indexOf(end, at)
    yield text.slice(at, stop < 0 ? text.length : stop)
    if (stop < 0) return
    at = stop
  }
}

/** UTF-16, the higher byte first. */
function unicode(hex: string): string {
  return Buffer.from(hex.padStart(Math.ceil(hex.length / 4) * 4, '0'), 'hex')
    .swap16()
    .toString('utf16le')
}

/** The last character counts up along the range. */
function following(hex: string, by: number): string {
  const text = unicode(hex)
  return text.slice(0, -1) + String.fromCharCode((text.charCodeAt(text.length - 1) || 0) + by)
}
