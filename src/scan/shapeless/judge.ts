/**
 * Values that only a name marks as secret: dropped where something else stands in their place, `low` where a person
 * could have chosen them, `medium` where they look drawn at random. Never `high`: nothing proves them.
 */
import type { Shapeless } from '../../model/detector.ts'
import type { Confidence, DropReason } from '../../model/hit.ts'
import type { Match } from '../patterns.ts'
import { isUuid, looksRandom, looksStrong } from './randomness.ts'
import {
  besideLogin,
  inConnectionString,
  inExpansion,
  isConfigLine,
  isEnvName,
  isSent,
  isSpacedOut,
  isTold,
  readSetting,
  type Setting,
} from './setting.ts'
import { isCode, isLabel, isName, standsIn } from './stand-in.ts'
import { valueEnd } from './value-end.ts'

/** Where the value ends (exclusive) and how sure its likeness makes us, or why it is no finding. */
export type ShapelessVerdict = { end: number; confidence: Confidence } | { drop: DropReason }

type Rating = { confidence: Confidence } | { drop: DropReason }

const placeholder: Rating = { drop: 'placeholder' }
const weak: Rating = { drop: 'low_entropy' }
const low: Rating = { confidence: 'low' }
const medium: Rating = { confidence: 'medium' }

/** What to make of the value that `match` in `bytes` claims, or shows the beginning of where it has a name. */
export function judgeShapeless(kind: Shapeless, bytes: Buffer, match: Match): ShapelessVerdict {
  const bound = kind === 'password' || kind === 'secret' || kind === 'token'
  const end = bound ? valueEnd(bytes, match.secretStart) : match.secretEnd
  if (end === null || end - match.secretStart < 3) return { drop: 'low_entropy' }
  const value = text(bytes.subarray(match.secretStart, end))
  const setting = readSetting(bytes, { ...match, secretEnd: end })
  const rating = bound ? judgeBound(kind, value, setting) : judgePlaced(kind, value, setting)
  return 'drop' in rating ? rating : { ...rating, end }
}

/** Its place says what it is, so that its likeness decides less. */
function judgePlaced(kind: Shapeless, value: string, setting: Setting): Rating {
  if (kind === 'hash') return judgeHash(value, setting)
  if (kind === 'login') return judgeLogin(value, setting)
  if (kind === 'bearer') return judgeBearer(value, setting)
  const login = Buffer.from(value, 'base64').toString('latin1')
  const password = /^[\x20-\x39\x3b-\x7e]+:([\x20-\x7e]+)$/.exec(login)?.[1]
  return password === undefined ? placeholder : judgeLogin(password, setting)
}

/** The header ends with its token; what goes on in words is prose about one. */
function judgeBearer(value: string, { after, around }: Setting): Rating {
  if (!looksRandom(value) || /^ [a-z]/.test(after)) return weak
  return madeUp(around) ? low : medium
}

function judgeBound(kind: Shapeless, value: string, setting: Setting): Rating {
  if (standsIn(value) || otherNames.test(setting.name)) return placeholder
  // A file, as of `/etc/passwd:root:x`.
  if (setting.before.endsWith('/') && setting.glue.startsWith(':')) return placeholder
  // What counts where a variable has no value, and nothing outside of one.
  if (setting.glue.startsWith(':-') && !setting.before.endsWith('${')) return placeholder
  const verdict = setting.quote === '' ? judgeBare(kind, value, setting) : judgeQuoted(kind, value, setting)
  return verdict ?? rate(kind, value, setting)
}

/** A line of a file of users and their passwords, as of `/etc/shadow`; anywhere else a hash may be an example. */
function judgeHash(value: string, { before, name, after }: Setting): Rating {
  // Examples repeat one letter where a hash has 22 and more drawn at random.
  if (new Set(value.slice(-20)).size < 8) return placeholder
  return /^\s*$/.test(before) && name !== '' && /^:[0-9]*:/.test(after) ? medium : low
}

/** Latin-1 where it is not UTF-8: what is drawn from it is only compared with words. */
function text(bytes: Buffer): string {
  const utf8 = bytes.toString('utf8')
  return utf8.includes('�') ? bytes.toString('latin1') : utf8
}

/** Names of what is public, or about a secret: its hash, its place, whether to show it. */
const otherNames =
  /public|pub_|hash(?:ed)?_?$|digest|checksum|integrity|fingerprint|websocket|primary|foreign|cache_?key|sort_?key|placeholder|example|(?:^|[_.-])(?:is|has|show|hide|no|without|forgot|toggle|confirm|invalid|wrong|missing|reset)[-_]?(?:pass|secret|token)/i

/** A password between a user and a host, or behind an option of a command: its place says what it is. */
function judgeLogin(value: string, setting: Setting): Rating {
  const { around, glue } = setting
  if (standsIn(value)) return placeholder
  // In addresses the word stands for a password, on a line of settings it is one.
  if (/^(?:pass(?:word|wd)?|pwd|secret|token|user(?:name)?)$/i.test(value))
    return setting.quote !== '' || isWholeLine(setting) ? low : placeholder
  // Behind an option as in front of it stands prose about options.
  if (/^\s+$/.test(glue) && setting.quote === '' && (isName(value) || isProse(value, setting)))
    return placeholder
  if (/^:?[a-z_]+$|^\*+$/.test(value) && /example\.|localhost|127\.0\.0\.1|\bhost\b/.test(around)) return low
  return looksStrong(value) && !madeUp(around) ? medium : low
}

function isWholeLine({ before, after }: Setting): boolean {
  return /^\s*$/.test(before) && /^\s*(?:[\r\n]|$)/.test(after)
}

/** Without quotes a value is code unless it stands in a line of a configuration file, a connection string or an element. */
function judgeBare(kind: Shapeless, value: string, setting: Setting): Rating | null {
  const element = /(?:^|[^=\s])>\s*$/.test(setting.glue)
  if (isLabel(value)) return placeholder
  if (/^\s+$/.test(setting.glue)) return judgeSpacedOut(kind, value, setting)
  if (element) return isName(value) && !besideLogin(setting) ? placeholder : null
  if (inExpansion(setting)) return isName(value) && kind !== 'password' ? placeholder : null
  if (kind === 'password' && isTold(setting) && isChosenWithCare(value)) return null
  if (/\bis\b/.test(setting.glue)) return placeholder
  if (isCode(value) || isVerdict(setting)) return placeholder
  const configured = isConfigLine(setting) || (isSent(setting) && looksRandom(value))
  if (looksRandom(value) && (configured || !/^[A-Za-z_$][\w$]*$/.test(value) || /[0-9]{2}/.test(value)))
    return null
  if (inConnectionString(setting)) return null
  if (!configured) return placeholder
  if (/^[0-9]+$/.test(value) && (kind !== 'password' || value.length < 4)) return weak
  // `password = value` with blanks is code as often as configuration; a name of a variable is the former.
  const spaced = /\s=/.test(setting.glue)
  if (spaced && /^[A-Za-z_$]+$/.test(value)) return placeholder
  const inYaml = setting.glue.includes(':')
  if (isName(value) && !isEnvName(setting.name) && (spaced || inYaml) && !besideLogin(setting))
    return placeholder
  return null
}

/** What follows an option and has nothing but letters may be the text that tells of the option. */
function isProse(value: string, { name, quote }: Setting): boolean {
  return name.startsWith('-') && quote === '' && /^[A-Za-z]+[.,;:!?)]*$/.test(value)
}

/** `PASS: ` and what passed, as logs of tests have it. */
function isVerdict({ name, glue, before }: Setting): boolean {
  return name === 'PASS' && /^[\s"']*$/.test(before) && /^:[ \t]/.test(glue)
}

/** Not to be taken for a word of prose or for code. */
function isChosenWithCare(value: string): boolean {
  return (
    looksStrong(value) &&
    /[0-9]/.test(value) &&
    /[!#$%&*@^~+?|]/.test(value) &&
    !/[()[\]{}<>=/:,;]/.test(value)
  )
}

/** Constants of programs are named like keys and tokens: those must look drawn at random. */
function judgeSpacedOut(kind: Shapeless, value: string, setting: Setting): Rating | null {
  if (!isSpacedOut(setting) || isName(value) || isProse(value, setting)) return placeholder
  return kind === 'password' || (looksRandom(value) && /^[\w+/=-]+$/.test(value)) ? null : weak
}

function judgeQuoted(kind: Shapeless, value: string, setting: Setting): Rating | null {
  if (isLabel(value)) return placeholder
  if (/^[0-9]+$/.test(value) && (kind !== 'password' || value.length < 4)) return weak
  const { glue, name, before } = setting
  if (/^\s+$/.test(glue)) return judgeSpacedOut(kind, value, setting)
  if (/\|\||\?|or\b/.test(glue) && !isEnvName(lastPart(name))) return placeholder
  if (/\bis\b/.test(glue) && !looksStrong(value)) return placeholder
  if (/,\s*$/.test(glue) && !isCall(setting) && !isTuple(setting, value) && !isRow(setting, value))
    return placeholder
  if (glue.trimEnd().endsWith('(') && !isSetter(name, value)) return placeholder
  if (!isName(value)) return null
  if (isEnvName(lastPart(name)) || /define\s*\(\s*["']$/i.test(before))
    return isEcho(value, name) ? placeholder : null
  return besideLogin(setting) && kind === 'password' ? null : placeholder
}

/** `define('DB_PASSWORD', 'x')`, `setenv("X", "y")`, `.get('X', 'default')`: a name and a value are its two arguments. */
function isCall({ before, after }: Setting): boolean {
  return (
    /\b(?:define|\w*env|\w*set\w*|get\w*|fetch|put\w*|property|param\w*|add\w*|option|config)\s*\(\s*["'`]$/i.test(
      before,
    ) && /^["'`]\s*[),]/.test(after)
  )
}

/** `{password, "x"}`, as Erlang has it. */
function isTuple({ before, after, name }: Setting, value: string): boolean {
  return /\{\s*$/.test(before) && /^[a-z]/.test(name) && /^["']\s*\}/.test(after) && !isName(value)
}

/** `VALUES (1, 'smtp_password', 'x')`, as dumps of settings have them. */
function isRow({ before, after }: Setting, value: string): boolean {
  return /\bvalues\b[^;]*[(,]\s*["']$/i.test(before) && /^["']\s*[),]/.test(after) && !isName(value)
}

/** `setPassword("x")`, `.password("x")`: a call that could as well ask for a field of that name. */
function isSetter(name: string, value: string): boolean {
  if (
    /(?:get|has|find|is)_?[A-Z]?[a-z]*$/.test(lastPart(name).replace(/_?(?:pass|secret|token|api)\w*$/i, ''))
  )
    return false
  return looksStrong(value) || /[0-9]/.test(value)
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** The value says no more than the name does. */
function isEcho(value: string, name: string): boolean {
  const plain = (one: string) => one.toLowerCase().replace(/[^a-z0-9]/g, '')
  return plain(value) === plain(name)
}

function rate(kind: Shapeless, value: string, setting: Setting): Rating {
  if (isEcho(value, setting.name) && !besideLogin(setting)) return placeholder
  const strong = kind === 'password' ? looksStrong(value) : looksRandom(value) || isDense(value)
  if (strong && !madeUp(setting.around)) return medium
  if (kind === 'password') return value.length >= 4 ? low : weak
  if (strong || isUuid(value)) return low
  // Tokens and keys are drawn by machines: what a person wrote counts where programs read their settings.
  const chosen = /[0-9]/.test(value) && /[A-Za-z]/.test(value) && value.length >= 8 && !isName(value)
  const configured = isEnvName(lastPart(setting.name)) || isConfigLine(setting)
  return value.length >= 8 && (configured || (chosen && kind === 'secret')) ? low : weak
}

/** Keys of web frameworks: 20 characters and more of all kinds, signs among them. */
function isDense(value: string): boolean {
  const signs = value.match(/[^A-Za-z0-9\s]/g)?.length ?? 0
  return value.length >= 20 && signs / value.length > 0.12 && looksStrong(value)
}

/** The text around says that it only shows how. */
function madeUp(around: string): boolean {
  return /\b(?:examples?|sample|dummy|fake|mock(?:ed)?|fixtures?|test(?:s|ing|ed)?|describe|expect|assert\w*)\b|it\(['"]|test_|_test\b/i.test(
    around,
  )
}
