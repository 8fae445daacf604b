/** Every detector, issuer by issuer; the general ones, which also claim values of others, stand last. */
import type { Detector } from '../src/model/detector.ts'
import { amazon } from './amazon.ts'
import { atlassian } from './atlassian.ts'
import { azure } from './azure.ts'
import { clojars } from './clojars.ts'
import { cloudsmith } from './cloudsmith.ts'
import { cratesIo } from './crates-io.ts'
import { docker } from './docker.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { grafana } from './grafana.ts'
import { hexpm } from './hexpm.ts'
import { jfrog } from './jfrog.ts'
import { jwt } from './jwt.ts'
import { keyMaterial } from './key-material.ts'
import { keyrecall } from './keyrecall.ts'
import { microsoft } from './microsoft.ts'
import { microsoftEntra } from './microsoft-entra.ts'
import { npm } from './npm.ts'
import { packagist } from './packagist.ts'
import { pypi } from './pypi.ts'
import { rubygems } from './rubygems.ts'
import { sentry } from './sentry.ts'
import { slack } from './slack.ts'
import { sonatype } from './sonatype.ts'
import { stripe } from './stripe.ts'

export const detectors: readonly Detector[] = [
  ...keyrecall,
  ...amazon,
  ...atlassian,
  ...azure,
  ...clojars,
  ...cloudsmith,
  ...cratesIo,
  ...docker,
  ...github,
  ...gitlab,
  ...grafana,
  ...hexpm,
  ...jfrog,
  ...keyMaterial,
  ...microsoft,
  ...microsoftEntra,
  ...npm,
  ...packagist,
  ...pypi,
  ...rubygems,
  ...sentry,
  ...slack,
  ...sonatype,
  ...stripe,
  ...jwt,
]
