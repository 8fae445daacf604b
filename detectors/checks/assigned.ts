/**
 * Patterns of values bound to a name: `NAME=value`, `"name": "value"`, `define('NAME', 'value')`, `<name>value</name>`
 * and the like in the ways that configuration files and programming languages have. They begin at a word of the name;
 * what stands before it is read by the engine.
 */
import type { Detector, Shapeless } from '../../src/model/detector.ts'
import { letters, type Random } from './random.ts'
import { prefixed, type Shape } from './shape.ts'

/** Bytes that the engine reads around a match to tell what it is. */
const surroundings = 160
/** Bytes between the word and the value: names, types, a line of YAML. */
const lead = 360
/** Longest value, as the engine bounds it; longer ones are files, found by their form. */
const longestValue = 512

const blank = '[ \\t]{0,12}'
const gap = '[ \\t\\r\\n]{0,40}'
/** The first character of a value: printable ASCII without quotes, backslash and `<`. */
const first = String.raw`([!#-&(-;=-\[\]-_a-~])`
/** A quote may stand in quotes: `"\"x\""` is a text of a program in another one. */
const opening = String.raw`[A-Za-z@$&]{0,2}\\{0,3}["'\x60](?:\\{1,3}["'])?`
const any = `(?:${opening})?`

/** `: string`, `[32]`, ` string` and ` As String` between a name and the sign of equality, in languages that state types. */
const type = String.raw`(?:\[[0-9]{0,4}\]|[ \t]{0,2}:[ \t]{0,2}&?(?:'static )?(?i:string|str|char|text|any)\??| (?i:as )?(?i:string))?`
const assigned = String.raw`${type}${blank}(?::\*\*|\*\*:|:-|:=|=>|->|=|:)${blank}${any}`
const argument = String.raw`(?:[ \t]{0,4},${gap}|\([ \t]{0,4})${opening}`
const element = String.raw`(?:[ \t]{1,4}[A-Za-z:_-]{1,20}=["'][A-Za-z0-9:/._ -]{0,60}["']){0,3}>${gap}(?:<(?i:string|value)>)?`
/** `<key>Name</key><string>x`, `<name>n</name><value>x`. */
const property = `</(?:key|name)>${gap}<(?i:string|value)>`
const attribute = String.raw`[ \t\r\n,;]{1,40}["']?(?i:value|default|content)["']?${blank}[=:]${blank}${opening}`
const listed = String.raw`[ \t]{0,4}\r?\n[ \t]{1,40}value:${blank}${any}`
const variable = String.raw`[ \t]{0,4}\{[A-Za-z0-9_ \t\r\n=,.'()-]{0,120}default[ \t]{0,20}=[ \t]{0,4}["']`

/** A scalar of YAML that begins on the line below its name. */
const block = String.raw`:[ \t]{1,4}[|>][+-]?[ \t]{0,4}\r?\n[ \t]{1,40}`
/** What holds where the name has no value: `process.env.X || 'x'`, `getenv('X') ?: 'x'`, `environ.get('X') or 'x'`. */
const fallback = String.raw`[ \t]{0,4}(?:\|\||\?\?|\?:|or )[ \t]{0,4}${opening}`
/** `the password is x`. */
const told = String.raw`[ \t]is:?[ \t]${any}`
/** `"name": {"value": "x"}`, as outputs of Terraform have it. */
const nested = String.raw`[ \t]{0,4}:[ \t\r\n]{0,8}\{[!-z|~ \t\r\n]{0,120}?["']value["'][ \t]{0,4}:[ \t]{0,4}${opening}`
/** `#define NAME "x"`, `setenv NAME x`, `:name "x"`, `--name x`: what stands before the name binds it. */
const spaced = String.raw`[ \t]{1,12}${any}`

/**
 * What follows the name: its closing quote or bracket, one of the ways to bind a value, and the beginning of it. Of two
 * that could be meant the first counts.
 */
const binding = String.raw`\\{0,3}["'\x60]?[\])]{0,2}(?:${block}|${nested}|${assigned}|${attribute}|${listed}|${argument}|${element}|${property}|${variable}|${fallback}|${told}|${spaced})${first}`

interface Name {
  id: string
  kind: string
  shapeless: Shapeless
  /** Words with which a match begins, in each case they are written in. */
  anchors: readonly string[]
  /** RE2 for the words and what may follow them in a name. */
  words: string
  /** Names for made-up examples. */
  names: readonly [string, ...string[]]
  /** Characters and length of a made-up value. */
  value: (random: Random) => string
}

/** A detector of values bound to a name that holds one of `anchors`. */
export function assignedTo({ words, names, value, ...name }: Name): Detector {
  const shape: Shape & { anchors: readonly string[] } = {
    ...name,
    issuer: 'unknown',
    docs: 'https://cwe.mitre.org/data/definitions/798.html',
    pattern: `${words}${binding}`,
    gate: 'words',
    notBefore: '',
    notAfter: '',
    maxLength: lead,
    reach: { left: surroundings, right: lead + longestValue + surroundings },
    manualOnly: true,
    revoke: 'change it where it is used',
    mint: (random) => `${names[Math.floor(random() * names.length)] ?? names[0]}=${value(random)}`,
  }
  return prefixed(shape)
}

/** A made-up value in which letters and digits are well mixed. */
export function mixed(random: Random, alphabet: string, count: number): string {
  for (;;) {
    const value = letters(random, alphabet, count)
    if (/[0-9].*[0-9].*[0-9]/.test(value) && /[a-z]/.test(value)) return value
  }
}
