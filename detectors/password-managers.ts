/** Browsers and password managers: what they export is a table of all passwords, readable by anybody. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { passed } from './checks/outcome.ts'
import { passwordCells } from './checks/password-export.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

/** How tables begin, and of which programs. */
const headers: readonly [program: string, header: string][] = [
  ['Chrome, Edge, Brave, Opera and Vivaldi', 'name,url,username,password'],
  ['Firefox', '"url","username","password"'],
  ['LastPass', 'url,username,password'],
  ['Bitwarden', 'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password'],
  ['Apple Passwords', 'Title,URL,Username,Password'],
  ['1Password', 'Title,Url,Username,Password'],
  ['KeePass', '"Account","Login Name","Password"'],
  ['KeePassXC', '"Group","Title","Username","Password"'],
  ['Dashlane', 'username,username2,username3,title,password'],
  ['Proton Pass', 'type,name,url,email,username,password'],
  ['NordPass', 'name,url,additional_urls,username,password'],
]
/** Bytes of a table that are looked at. */
const block = 65_536

export const passwordManagers: readonly Detector[] = [
  prefixed({
    id: 'password-manager-export',
    issuer: 'unknown',
    kind: 'password in the export of a password manager',
    docs: 'https://www.rfc-editor.org/rfc/rfc4180',
    anchors: headers.flatMap(([, header]) => [...new Set([header, header.replaceAll('"', '\\"')])]),
    pattern: `(?:${headers.map(([, header]) => header.replaceAll('"', String.raw`\\{0,3}"`)).join('|')})`,
    gate: 'words',
    maxLength: block,
    parts: (bytes) => passwordCells(bytes, block),
    checkKind: 'structure',
    check: () => passed(8),
    provenOnly: true,
    manualOnly: true,
    mint: (random) =>
      `name,url,username,password\nshop,https://shop.example/,ann,${letters(random, base62, 14)}7\n`,
    near: () => ['name,url,username,password\nshop,https://shop.example/,ann,password\n'],
    revoke: 'change every password of the table, and delete it',
  }),
]
