/** Heroku: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed, valued } from './checks/shape.ts'

export const heroku: readonly Detector[] = [
  prefixed({
    id: 'heroku-api-key',
    issuer: 'Heroku',
    kind: 'API key',
    docs: 'https://devcenter.heroku.com/articles/authentication',
    anchors: ['HRKU-AA'],
    pattern: 'HRKU-AA[A-Za-z0-9_-]{58}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 65,
    revoke: 'GET https://api.heroku.com/oauth/authorizations, then DELETE …/{id}, Bearer',
  }),
  valued({
    id: 'heroku-api-key-legacy',
    issuer: 'Heroku',
    kind: 'API key, old form',
    docs: 'https://devcenter.heroku.com/articles/authentication',
    context: ['heroku'],
    contextWithin: 60,
    pattern: '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
    maxLength: 36,
    minEntropy: 2.5,
    revoke: 'as above',
  }),
]
