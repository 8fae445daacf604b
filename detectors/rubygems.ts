/** RubyGems: a prefix and hex. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const rubygems: readonly Detector[] = [
  prefixed({
    id: 'rubygems-api-key',
    issuer: 'RubyGems',
    kind: 'API key',
    docs: 'https://guides.rubygems.org/api-key-scopes/',
    anchors: ['rubygems_'],
    pattern: 'rubygems_[0-9a-f]{48}',
    maxLength: 57,
    revoke: 'deleted by RubyGems on a partner report; else dashboard',
  }),
]
