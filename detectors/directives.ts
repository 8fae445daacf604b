/** Passwords behind words of configuration files that are no names of settings: of networks, installers and mail programs. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { mixed } from './checks/assigned.ts'
import { placed } from './checks/placed.ts'

const bare = String.raw`[!#-%(-:=?-\[\]-~]{3,128}`
const name = '[A-Za-z0-9_.@+-]{1,80}'
const quote = `["']?`

/** By the texts with which they begin: what stands before the password, and what behind. */
const directives: readonly [anchors: readonly string[], before: string, value: string][] = [
  [['snmp-server community '], 'snmp-server community ', `(${bare})(?: (?i:view|ro|rw)| {0,4}[\\r\\n])`],
  [['rocommunity', 'rwcommunity'], 'r[ow]community6? ', `(${bare})`],
  [['rootpw --plaintext '], 'rootpw --plaintext ', `${quote}(${bare})`],
  [
    ['passwd/root-password', 'passwd/user-password'],
    'passwd/(?:root|user)-password(?:-again)?[ \\t]{1,8}password[ \\t]{1,8}',
    `(${bare})`,
  ],
  [['<auth-user-pass>'], `<auth-user-pass>\\s{1,4}${name}\\s{1,4}`, `(${bare})\\s{1,4}</auth-user-pass>`],
  [['<keyMaterial>'], '<keyMaterial>', '([ -;=-~]{8,63})</keyMaterial>'],
  [['WIFI:'], 'WIFI:(?:[STHE]:[ -:<-~]{0,64};){1,4}P:"?', '([!#-:<-~]{8,63})"?;'],
  [['plain-text-password-value '], 'plain-text-password-value "', `(${bare})"`],
  [['psksecret ', 'insecure-password '], '(?:psksecret|insecure-password) ', `(${bare})`],
  [['stats auth '], `stats auth ${name}:`, `(${bare})`],
  [
    ['enable secret ', 'enable password '],
    'enable (?:secret|password) (?:0 )?',
    `(${bare})[ \\t]{0,4}[\\r\\n]`,
  ],
  [['password 0 ', 'secret 0 '], '(?:password|secret) 0 ', `(${bare})[ \\t]{0,4}[\\r\\n]`],
  [['pre-shared-key'], 'pre-shared-key(?:=| (?:ascii-text |local |remote )?)["\']?', `(${bare})`],
  [['isakmp key '], 'isakmp key (?:0 )?', `(${bare}) address`],
  [['authtok '], 'authtok = ', `(${bare})`],
]

export const passwordDirectives: readonly Detector[] = [
  placed({
    id: 'password-directive',
    issuer: 'configuration file',
    kind: 'password behind a word of a configuration',
    docs: 'https://cwe.mitre.org/data/definitions/260.html',
    anchors: directives.flatMap(([anchors]) => anchors),
    pattern: `(?:${directives.map(([, before, value]) => `${before}${value}`).join('|')})`,
    notBefore: '',
    notAfter: '',
    maxLength: 500,
    mint: (random) => `snmp-server community ${mixed(random, base62, 18)} RO`,
  }),
]
