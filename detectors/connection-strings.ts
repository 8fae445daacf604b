/** Short names of passwords that stand in connection strings and settings: `Pwd=…;`, `DB_PWD`, `AccountKey=…`, `psk=…`. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { assignedTo, mixed } from './checks/assigned.ts'

export const connectionStrings: readonly Detector[] = [
  assignedTo({
    id: 'pwd-assignment',
    kind: 'password assigned to a short name',
    shapeless: 'password',
    // Of four bytes, since three are met everywhere: with a joint before it, or what binds the value behind it.
    anchors: [
      '_pwd',
      '_PWD',
      'Pwd=',
      'pwd=',
      'PWD=',
      'pwd:',
      'pwd"',
      "pwd'",
      '_psk',
      'psk=',
      'psk:',
      'psk"',
      'psk ',
      '_pw=',
      '_pw:',
      '_pw"',
      '_pw ',
      '_PW=',
    ],
    words: String.raw`(?:_?[Pp](?i:wd|sk)|_(?:pw|PW))`,
    names: ['db_pwd', 'MYSQL_PWD', 'root_pw'],
    value: (random) => mixed(random, base62, 18),
  }),
]
