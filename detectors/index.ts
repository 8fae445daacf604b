/** Every detector, issuer by issuer. A specific one stands before a general one that would also claim its value. */
import type { Detector } from '../src/model/detector.ts'
import { amazon } from './amazon.ts'
import { atlassian } from './atlassian.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { grafana } from './grafana.ts'
import { jwt } from './jwt.ts'
import { keyMaterial } from './key-material.ts'
import { keyrecall } from './keyrecall.ts'
import { npm } from './npm.ts'
import { pypi } from './pypi.ts'
import { sentry } from './sentry.ts'
import { slack } from './slack.ts'
import { stripe } from './stripe.ts'

export const detectors: readonly Detector[] = [
  ...keyrecall,
  ...github,
  ...gitlab,
  ...npm,
  ...pypi,
  ...atlassian,
  ...amazon,
  ...grafana,
  ...sentry,
  ...stripe,
  ...slack,
  ...keyMaterial,
  ...jwt,
]
