/**
 * How a value is bound to its name, read from the bytes around a match: the whole name, what stands between the two,
 * what follows. It looks no further to either side than the detectors' reach says.
 */

export interface Setting {
  /** The whole name: the part before the keyword, the keyword, what follows it. */
  name: string
  /** What stands before the name on its line. */
  before: string
  /** Between name and value, without the opening quote: ` = `, `": `, `', `. */
  glue: string
  /** The quote that opens the value, or nothing. */
  quote: string
  /** What follows the value, 24 characters at most. */
  after: string
  /** 160 characters to either side, the value itself blanked out. */
  around: string
}

/** Bytes looked at to the left of a match and to the right of it; detectors add them to their reach. */
const left = 160
const right = 160

interface Span {
  start: number
  end: number
  secretStart: number
  secretEnd: number
}

/** The setting that `match` in `bytes` is. */
export function readSetting(bytes: Buffer, match: Span): Setting {
  const head = bytes.toString('latin1', Math.max(0, match.start - left), match.start)
  const lead = bytes.toString('latin1', match.start, match.secretStart)
  const tail = bytes.toString('latin1', match.secretEnd, match.secretEnd + right)
  const line = head.slice(head.lastIndexOf('\n') + 1)
  const nameStart = /[A-Za-z0-9_.$:-]*$/.exec(line)?.[0] ?? ''
  const nameEnd = /^[A-Za-z0-9_.-]*/.exec(lead)?.[0] ?? ''
  const rest = lead.slice(nameEnd.length)
  const quote = /["'`]$/.exec(rest)?.[0] ?? ''
  return {
    name: nameStart + nameEnd,
    before: line.slice(0, line.length - nameStart.length),
    glue: quote === '' ? rest : rest.replace(/[A-Za-z@$&]{0,3}\\{0,3}["'`]$/, ''),
    quote,
    after: tail.slice(0, 24),
    around: `${head}${lead} ${tail}`,
  }
}

/** A user, a host or a database is named beside it: what is bound here logs in somewhere. */
export function besideLogin({ around }: Setting): boolean {
  return /(?:user(?:_?name)?|login|host(?:_?name)?|server|e?mail|account|identity|database|db|ssh|ftp|smtp)\w{0,12}["'`\])]{0,3}\s{0,3}(?:[:=>]|\s["'])/i.test(
    around,
  )
}

/** What may stand before the name on a line of a configuration file or of a shell. */
const lineStart =
  /^[+#;$]?[ \t]*(?:- |# )?[ \t]*(?:(?:export|set|setx|ENV|ARG|SET|env|declare -x|-D|-e|--env)[ \t]+)?(?:-D|-e|--)?["']?$/

/** Items of lists and what was quoted in mails, as notes have them: then nothing else stands on the line. */
const noteStart = /^[ \t]*[*>][ \t]+$/

/** Of an option or word that sets variables, which may set several. */
const optionStart =
  /(?:^|[\s;&|(])(?:--set(?:-string)?[ =]|--build-arg[ =]|--from-literal[ =]|--?(?:env|var)[ =]|-[eo] |export |vault (?:kv put|write) \S+ )["']?(?:[\w.[\]-]+=[^\s,]*,)*$/

/** `--name=`, `-Dname=` and `NAME=` behind another word of a command. */
function isOption(before: string, name: string): boolean {
  return (/^--?[A-Za-z]/.test(name) || isEnvName(name)) && /[ "'`]$/.test(before)
}

/** A line of an env, properties, YAML or INI file, or an assignment of a shell: nothing but name and value on it. */
export function isConfigLine({ before, glue, after, name, quote }: Setting): boolean {
  if (name === '' || !/^["']?[ \t]*(?:=|:(?:[ \t]+[|>][+-]?[ \t]*\r?\n)?)[ \t]*$/.test(glue)) return false
  if (glue === '=' && quote === '' && (optionStart.test(before) || isOption(before, name)))
    return /^(?:["'`\s,;\\]|$)/.test(after)
  if (noteStart.test(before)) return /^[ \t]*(?:\r?\n|$)/.test(after)
  if (!lineStart.test(before)) return false
  return /^(?:[ \t]*(?:\r?\n|$|#)|[ \t]+(?:#|;|&&|[A-Za-z_./-])|\\n|\\r)/.test(after)
}

/** `#define NAME "x"`, `setenv NAME x`, `set -x NAME x`, `{:name "x"}`, `--name x`, a line `name "x"`: no sign binds the name. */
export function isSpacedOut({ before, glue, name, quote, after }: Setting): boolean {
  if (!/^[ \t]+$/.test(glue)) return false
  if (/^--?[A-Za-z]/.test(name)) return /(?:^|\s)$/.test(before) && /^(?:["'\s;\\]|$)/.test(after)
  if (quote !== '' && /^[ \t]*$/.test(before)) return /^["'][ \t]*(?:\r?\n|$)/.test(after)
  if (quote === '"' && /^:[A-Za-z]/.test(name)) return /(?:^|[\s{(])$/.test(before)
  return /^[ \t]*(?:#[ \t]*define|setenv|setx|ENV|set[ \t]+-[A-Za-z]{1,3})[ \t]+$/.test(before)
}

/** `${NAME:x}` and `${NAME:-x}`: what counts where the name has no value. */
export function inExpansion({ before, glue, after }: Setting): boolean {
  return /^:-?$/.test(glue) && before.endsWith('${') && after.startsWith('}')
}

/** A header in quotes or a parameter of an address: machines fill in both. */
export function isSent({ before, glue, after, name }: Setting): boolean {
  if (glue === '=') return /[?&]$/.test(before)
  return /^: ?$/.test(glue) && /["'`]$/.test(before) && /^["'`]/.test(after) && name.includes('-')
}

/** Told in a note: `Login: a / Password: x`, `the password is x`, `**Password:** x`; nothing but the end of a sentence follows. */
export function isTold({ glue, after }: Setting): boolean {
  return /^(?::|:\*\*|\*\*:| is:?)[ \t]+$/.test(glue) && /^[.,;)]?(?:\s|$)/.test(after)
}

/** Parameters one after the other, of which one names a server or a user: `Server=a;Uid=b;Pwd=c`, `?user=a&password=b`. */
export function inConnectionString({ before, glue, after, around, name }: Setting): boolean {
  return (
    glue === '=' &&
    /[;?&]\s?$|[a-z0-9]\s$/i.test(before + (/^\s/.test(name) ? ' ' : '')) &&
    /^(?:[;&"'`\s<\\]|$)/.test(after) &&
    /(?:server|host|data source|user(?: ?id|name)?|uid|dbname|database|initial catalog)\s?=\s?[A-Za-z0-9_.\\@-]/i.test(
      around,
    )
  )
}

/** Names of variables of the environment: they hold what programs are configured with. */
export function isEnvName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]{2,}$/.test(name)
}
