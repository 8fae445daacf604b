/**
 * The operator's own list of who owns which place: a JSON file of `{"owners": [{"place", "address"}]}` where the
 * first entry that matches wins. A place is written `owner/repository/path`, `s3://bucket/key` or a file's path;
 * `*` stands for anything but `/`, `**` for anything.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Place } from '../../model/blob.ts'
import { AppError } from '../../model/errors.ts'
import { parseAddress } from './address.ts'

const Directory = z.object({
  owners: z
    .array(
      z.object({
        place: z.string().min(1).max(1000),
        address: z.string().transform((text, context) => {
          const address = parseAddress(text)
          if (address === null) context.addIssue({ code: 'custom', message: 'is not an e-mail address' })
          return address ?? ''
        }),
      }),
    )
    .max(100_000),
})

export interface DirectoryEntry {
  place: string
  address: string
}

/** Throws `AppError` `config` that names the file and the first thing wrong with it. */
export async function readDirectory(file: string): Promise<DirectoryEntry[]> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new AppError('config', `the owner directory "${file}" cannot be read as JSON`, { cause })
  }
  const parsed = Directory.safeParse(value)
  if (parsed.success) return parsed.data.owners
  const first = parsed.error.issues[0]
  throw new AppError('config', `the owner directory "${file}": ${first?.path.join('.')}: ${first?.message}`)
}

/** The address of the first entry that matches; null when none does. */
export function lookUp(directory: readonly DirectoryEntry[], place: Place): string | null {
  const name = placeName(place)
  return directory.find((entry) => globMatches(entry.place, name))?.address ?? null
}

/** How a place is written in the directory. */
function placeName(place: Place): string {
  if (place.type === 's3_object') return `s3://${place.bucket ?? ''}/${place.key ?? place.path}`
  return place.repository === undefined ? place.path : `${place.repository}/${place.path}`
}

/**
 * In time proportional to both lengths, because the paths are anybody's: a regular expression made of many stars
 * could be made to run for ever. `reach` holds the positions in `text` that the pattern so far can end at.
 */
export function globMatches(pattern: string, text: string): boolean {
  let reach = new Set([0])
  for (let at = 0; at < pattern.length && reach.size > 0; at++) {
    const next = new Set<number>()
    if (pattern[at] !== '*') {
      for (const position of reach) if (text[position] === pattern[at]) next.add(position + 1)
    } else {
      const anything = pattern[at + 1] === '*'
      if (anything) at++
      for (const start of reach) {
        for (let position = start; !next.has(position) && position <= text.length; position++) {
          next.add(position)
          if (!anything && text[position] === '/') break
        }
      }
    }
    reach = next
  }
  return reach.has(text.length)
}
