/** PuTTY: key files, read to their MAC. */
import type { Detector } from '../src/model/detector.ts'
import { checkPutty, mintPutty, puttyExtent } from './checks/putty.ts'
import { prefixed } from './checks/shape.ts'

export const putty: readonly Detector[] = [
  prefixed({
    id: 'putty-private-key',
    issuer: 'key material',
    kind: 'PuTTY private key',
    docs: 'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html',
    anchors: ['PuTTY-User-Key-File-'],
    pattern: String.raw`PuTTY-User-Key-File-[23]: [a-z0-9@.-]{4,40}(?:[\s"'+,#*>|;]|\\{1,4}[nrt]){1,20}Encryption: [a-z0-9-]{4,20}`,
    maxLength: 16384,
    extent: puttyExtent,
    check: checkPutty,
    mint: mintPutty,
    revoke: 'remove from authorized_keys',
  }),
]
