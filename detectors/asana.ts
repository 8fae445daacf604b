/** Asana: numbers and hex digits, so only beside its name. */
import type { Detector } from '../src/model/detector.ts'
import { valued } from './checks/shape.ts'

export const asana: readonly Detector[] = [
  valued({
    id: 'asana-pat',
    issuer: 'Asana',
    kind: 'personal access token',
    docs: 'https://developers.asana.com/docs/personal-access-token',
    context: ['asana'],
    pattern: '[12]/[0-9]{14,17}(?:/[0-9]{14,17})?:[0-9a-f]{32}',
    maxLength: 72,
    revoke: 'dashboard only',
  }),
]
