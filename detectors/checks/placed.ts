/** Builds detectors of passwords that are told by the place they stand at: in a command, a call, a directive. */
import type { Detector } from '../../src/model/detector.ts'
import type { Random } from './random.ts'
import { prefixed, type Shape } from './shape.ts'

/** What all of them state. */
export const login = {
  shapeless: 'login',
  notAfter: '%',
  manualOnly: true,
  revoke: 'change the password',
} as const satisfies Partial<Shape>

/** A value of a command line without quotes, of three characters and more. */
export const bareValue = '[A-Za-z0-9_+/=.@!#^*~:?-]{3,128}'

/** One of `anchors` begins every match, and the password is a group of it. */
export function placed(
  shape: Shape & { anchors: readonly string[]; mint: (random: Random) => string },
): Detector {
  return prefixed({
    ...login,
    gate: 'words',
    reach: { left: 160, right: shape.maxLength + 160 },
    ...shape,
  })
}
