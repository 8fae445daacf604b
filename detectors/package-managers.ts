/** Logins that package managers keep in files of their own: Yarn's and Bundler's. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { mixed } from './checks/assigned.ts'
import { placed } from './checks/placed.ts'

const login = `["']?[A-Za-z0-9_.@+-]{1,64}:([A-Za-z0-9_+/=.@!#^*~?-]{3,128})`

export const packageManagers: readonly Detector[] = [
  placed({
    id: 'yarn-registry-login',
    issuer: 'Yarn',
    kind: 'user and password of a registry',
    docs: 'https://yarnpkg.com/configuration/yarnrc#npmAuthIdent',
    anchors: ['npmAuthIdent:'],
    pattern: `npmAuthIdent: ${login}`,
    maxLength: 210,
    mint: (random) => `npmAuthIdent: deploy:${mixed(random, base62, 18)}`,
  }),
  placed({
    id: 'bundler-source-login',
    issuer: 'Bundler',
    kind: 'user and password of a source of gems',
    docs: 'https://bundler.io/man/bundle-config.1.html#CREDENTIALS-FOR-GEM-SOURCES',
    anchors: ['BUNDLE_'],
    pattern: `BUNDLE_[A-Z0-9]{1,40}(?:_{1,3}[A-Z0-9]{1,40}){1,3}(?:: |=)${login}`,
    maxLength: 372,
    mint: (random) => `BUNDLE_GEMS__EXAMPLE__NET: deploy:${mixed(random, base62, 18)}`,
  }),
]
