/** Django: the key that a new project begins with. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const django: readonly Detector[] = [
  prefixed({
    id: 'django-secret-key',
    issuer: 'Django',
    kind: 'SECRET_KEY',
    docs: 'https://docs.djangoproject.com/en/stable/ref/settings/#secret-key',
    anchors: ['django-insecure-'],
    pattern: 'django-insecure-[A-Za-z0-9!@#$%^&*(_=+)-]{50}',
    maxLength: 66,
    revoke: 'change the setting',
  }),
]
