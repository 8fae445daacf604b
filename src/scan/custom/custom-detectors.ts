/**
 * Detectors of one's own, from YAML: read, checked whole and put before the built-in ones. Every problem is told with
 * file, line, column and field. The text of the files is plain data, so a worker thread can build the same again.
 */
import { createReadStream } from 'node:fs'
import type { z } from 'zod'
import type { Detector } from '../../model/detector.ts'
import { AppError } from '../../model/errors.ts'
import { buildDetector } from './build.ts'
import { checkNames, checkParameters } from './checks.ts'
import { nearestNames } from './nearest.ts'
import { type DetectorSpec, fieldsAt, fileSchema } from './schema.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

/** A file of detectors as it was read. */
export interface DetectorFile {
  /** As the user named it. */
  name: string
  text: string
}

const largestFile = 1024 * 1024
const mostTold = 20

/** @throws AppError (config) where the file cannot be read, is larger than 1 MiB or no UTF-8 */
export async function readDetectorFile(name: string): Promise<DetectorFile> {
  const shown = JSON.stringify(name)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of createReadStream(name) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > largestFile) break
      chunks.push(chunk)
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new AppError('config', `the detectors file ${shown} cannot be read (${reason})`, { cause: error })
  }
  if (length > largestFile) {
    throw new AppError('config', `the detectors file ${shown} is larger than 1 MiB; split it in several`)
  }
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) }
  } catch (error) {
    throw new AppError('config', `the detectors file ${shown} is not UTF-8 text`, { cause: error })
  }
}

/**
 * The detectors of `files`, then those of `builtIn` that none of them replaces.
 * @throws AppError (config) that lists every problem, one a line: `file:line:column: field: what to do`
 */
export function withCustomDetectors(
  files: readonly DetectorFile[],
  builtIn: readonly Detector[],
): readonly Detector[] {
  const problems: string[] = []
  const own = files.flatMap((file) => detectorsOf(file, problems))
  checkIds(own, builtIn, problems)
  if (problems.length > mostTold) {
    const rest = problems.length - mostTold
    problems.splice(mostTold, rest, `and ${rest} more`)
  }
  if (problems.length > 0)
    throw new AppError('config', `the detectors cannot be used:\n${problems.join('\n')}`)
  const replaced = new Set(own.map(({ spec }) => spec.id))
  return [...own.map(({ detector }) => detector), ...builtIn.filter(({ id }) => !replaced.has(id))]
}

interface Own {
  detector: Detector
  spec: DetectorSpec
  /** Adds a problem of this detector. */
  refuse: (path: readonly PropertyKey[], message: string) => void
}

function detectorsOf(file: DetectorFile, problems: string[]): Own[] {
  let source: YamlSource
  try {
    source = readYaml(file.name, file.text)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    problems.push(error.message)
    return []
  }
  const tell = (path: readonly PropertyKey[], message: string, key?: string) => {
    const field = [...path, ...(key === undefined ? [] : [key])]
    problems.push(`${file.name}:${source.position(path, key)}: ${fieldName(field)}${message}`)
  }
  const parsed = fileSchema.safeParse(source.data)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) tellIssue(issue, source.data, tell)
    return []
  }
  return parsed.data.detectors.flatMap((spec, index) => {
    const refuse: Own['refuse'] = (path, message) => tell(['detectors', index, ...path], message)
    const detector = buildDetector(spec, refuse)
    return detector ? [{ detector, spec, refuse }] : []
  })
}

function tellIssue(
  issue: z.core.$ZodIssue,
  data: unknown,
  tell: (path: readonly PropertyKey[], message: string, key?: string) => void,
): void {
  if (issue.code === 'unrecognized_keys') {
    const inCheck = issue.path[2] === 'check'
    const fields = inCheck ? checkParameters(valueAt(data, [...issue.path, 'name'])) : fieldsAt(issue.path)
    for (const key of issue.keys) tell(issue.path, `there is no such field${hint(key, fields)}`, key)
    return
  }
  const given = valueAt(data, issue.path)
  if (issue.code === 'invalid_union' && issue.path[2] === 'check') {
    const name = typeof given === 'string' ? given : String(valueAt(data, issue.path.slice(0, 3)))
    tell(issue.path, `must be a check; those are ${checkNames.join(', ')}${hint(name, checkNames)}`)
    return
  }
  const missing = (given === undefined || given === null) && issue.code === 'invalid_type'
  if (missing && issue.path.length === 0) return tell([], 'the file is empty; it begins with "detectors:"')
  if (missing) return tell(issue.path, 'is missing')
  tell(issue.path, wording(issue, given))
}

function wording(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof given !== 'object') {
    return 'must be text; put it in single quotes'
  }
  if (issue.code === 'invalid_type') return `must be ${expectations[issue.expected] ?? issue.expected}`
  return issue.message.replace(/^Invalid input: /, '').replace(/^./, (first) => first.toLowerCase())
}

const expectations: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping of fields',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function hint(wrong: string, names: readonly string[]): string {
  const [near] = nearestNames(wrong, names, 1)
  if (near !== undefined) return `; did you mean ${near}?`
  return names.length > 0 && names !== checkNames ? `; the fields are ${names.join(', ')}` : ''
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    data,
  )
}

/** `detectors[2].examples.match[0]: `; nothing for the file as a whole. */
function fieldName(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return text === '' ? '' : `${text.slice(1)}: `
}

function checkIds(own: readonly Own[], builtIn: readonly Detector[], problems: readonly string[]): void {
  const ours = new Set(builtIn.map(({ id }) => id))
  const all = new Set([...ours, ...own.map(({ spec }) => spec.id)])
  const seen = new Set<string>()
  for (const { spec, refuse } of own) {
    if (seen.has(spec.id)) refuse(['id'], `"${spec.id}" is there twice; each detector has an id of its own`)
    else if (ours.has(spec.id) && !spec.replaces) {
      refuse(
        ['id'],
        `"${spec.id}" is a built-in detector; choose another id, or say "replaces: true" to take its place`,
      )
    } else if (!ours.has(spec.id) && spec.replaces) {
      refuse(['replaces'], `there is no built-in detector "${spec.id}"${hint(spec.id, [...ours])}`)
    }
    seen.add(spec.id)
    // With a broken detector left out, what refers to it is no mistake of its own.
    if (problems.length > 0) continue
    const named: [string, string[]][] = [
      ['pair', spec.pair ? [spec.pair.with] : []],
      ['yields_to', spec.yields_to ?? []],
    ]
    for (const [field, ids] of named) {
      for (const id of ids)
        if (!all.has(id)) refuse([field], `there is no detector "${id}"${hint(id, [...all])}`)
    }
  }
}
