/**
 * What stands where a secret could and is none: references to one, templates, placeholders, code, types, paths, texts
 * for people. A weak password (`changeme`, `admin`) is none of these: it opens doors.
 */
import { letterRuns, wordShare } from './letter-pairs.ts'

/** Variables, templates and look-ups: `$X`, `${X}`, `%X%`, `%env(X)%`, `{{ x }}`, `<%= x %>`, `%(x)s`, `@x@`, `vault:x`. */
const reference =
  /^(?:\$[A-Za-z_{([]|\$\$|%[\w.]+(?:\([\w:.]+\))?%$|%[A-Za-z@]$|\{\{|\{%|\{[A-Za-z_$. ]*\}|<|\[|&[a-z]+;|#\{|\(\(|@[A-Za-z_.]+@$|__\w+__$|ENC\[|!|\*[A-Za-z])|\$\{\w[^}]*\}|\{\{[^}]*\}\}|#\{[\w.@'[\] ]+\}|%\(\w+\)s|<%[=-]?\s|\$\([a-z]|^\$[0-9]$/

/** Names of places where secrets are kept. */
const lookup =
  /^(?:vault|op|ssm|secret|secrets|env|file|arn|kms|keyring|ref|sops|awskms|data|chamber|doppler|keeper|bws):|(?:process\.env|os\.environ|getenv|ENV\[|env\.|secrets\.|secretsmanager|import\.meta|config\.|settings\.)/

/** Files and addresses. */
const location =
  /^(?:[A-Za-z]:[\\/]|\.{0,2}\/[\w.~-]|~\/|[a-z][a-z0-9+.-]{1,12}:\/\/|#\/)|\.(?:js|ts|json|ya?ml|pem|key|crt|txt|xml|html?|php|py|rb|go|java|sh|png|svg|css|md|env|conf|cfg|ini)$/i

const placeholder =
  /^(?:x+|\*+|\.+|-+|_+|#+|\?+|0+)$|x{4}|\*{3}|\.{3}|…|\byour[-_ ]?|^(?:my|the|a|an|some|any|new|old)[-_ ](?:\w+[-_ ])*(?:pass\w*|secret|token|key|pwd)(?:[-_ ]here)?$|redacted|placeholder|very[-_ ]?long|_here\b|-here\b|replace[-_ ]?(?:me|this|with)|insert[-_ ]|^(?:enter|type|set|use|put|add|choose|provide)[-_ ]/i

/** A version, or a range of them. */
const version = /^[~^]?\d+\.\d+(?:\.[\w.-]+)?$|^[~^<>=][\d.x*~^<>=| -]+$/

/** Fingerprints of keys, names of ways to sign, and the scope of a signed request. */
const publicText =
  /^(?:[0-9A-F]{2}:){7,}[0-9A-F]{2}$|^(?:HS|RS|ES|PS)(?:256|384|512)$|\/[0-9]{8}\/.*\/[a-z0-9]+_request$/i

/** Words that are no password in any program: types, values of options, names of ways to log in. */
const codeWords = new Set(
  `string str text number integer int float double boolean bool object array map list dict buffer bytes byte char
  varchar null none nil undefined void any unknown never true false yes no on off required optional hidden
  visible disabled enabled default auto basic bearer digest local header cookie query body path param params form
  session oauth oauth2 oidc jwt apikey api_key refresh access id_token refresh_token access_token client_credentials
  authorization_code x-api-key x-auth-token function return async await const let var new this self super static public
  private final readonly password! secret! token! input label type name value key field column email username
  identifier keyword punctuation operator comment literal regexp numeric plain sha1 sha256 sha512 md5 bcrypt scrypt argon2
  invalid missing empty incorrect expired wrong error failed success ignore never always optional*`
    .split(/\s+/)
    .concat(['hash', 'salt', 'digest', 'plaintext', 'encrypted', 'masked', 'static-token', 'n/a', 'tbd']),
)

/** Why a quoted or bare `value` is nobody's secret whatever its name. */
export function standsIn(value: string): boolean {
  return (
    reference.test(value) ||
    lookup.test(value) ||
    location.test(value) ||
    placeholder.test(value) ||
    value.includes('EXAMPLE') ||
    codeWords.has(value.toLowerCase()) ||
    /[\t\r\n]/.test(value) ||
    version.test(value) ||
    publicText.test(value) ||
    /^--?[a-z]|^\/\^|^\/.*\/[dgimsuvy]{0,4}$/.test(value) ||
    isFormat(value) ||
    isText(value)
  )
}

/** Three and more fields that are filled in later: of dates, numbers and texts. */
function isFormat(value: string): boolean {
  return (
    (value.match(/%[A-Za-z]/g)?.length ?? 0) > 2 && !/%[0-9A-F]{2}/i.test(value.replace(/%[A-Za-z]/g, ''))
  )
}

/** True for what a program would compute: names with dots, calls, operators. Only asked of values without quotes. */
export function isCode(value: string): boolean {
  return (
    /^[A-Za-z_$][\w$]*(?:(?:\?\.|\.|->|::)[A-Za-z_$][\w$]*)+[;,)!?]*$/.test(value) ||
    /^\d[\d.]*[/*+-][A-Za-z_]|^[A-Za-z_]+(?::[A-Za-z_/]+)+:?$|[\w$\])]\(|\)$|^[([{!&*|?=:]|[([{]$|=>|->|::|&&|\|\||\w\[|\[[\w'"]*\]|[;,]$|\+\+|[!=]=[^=]/.test(
      value,
    ) ||
    /^(?:async|await|function|new|return|typeof|class|lambda|None|True|False|nil)$/.test(value)
  )
}

/** Texts for people: several words, or letters beyond ASCII without digits. */
function isText(value: string): boolean {
  if (/[\u0080-\uffff]/.test(value) && !/[0-9]/.test(value)) return true
  if (!/\s/.test(value)) return false
  // Keys that hold spaces hold many signs as well; texts hold words.
  const signs = value.match(/[^A-Za-z0-9\s]/g)?.length ?? 0
  return signs / value.length < 0.15 || wordShare(value) > 0.3 || value.length < 24
}

/** One capitalised word or a constant, as labels and names of constants are: `Password`, `Kennwort`, `RESET_TOKEN`. */
export function isLabel(value: string): boolean {
  return /^[A-Z][a-z]+[:!?.*]?$/.test(value) || /^[A-Z]+(?:_[A-Z]+)*$/.test(value)
}

/** Letters and joints only, each part a word: `reset-password`, `accessToken`. */
export function isName(value: string): boolean {
  if (!/^[A-Za-z]+(?:[-_.:/ ][A-Za-z]+)*$/.test(value)) return false
  const letters = value.replace(/[^A-Za-z]/g, '').length
  const runs = letterRuns(value).filter(({ length }) => length > 2)
  return wordShare(value) >= 0.5 || runs.join('').length < letters / 2
}
