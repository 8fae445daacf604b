/** RapidAPI: hex digits with eight fixed letters among them. */
import type { Detector } from '../src/model/detector.ts'
import { inside } from './checks/shape.ts'

export const rapidapi: readonly Detector[] = [
  inside(
    {
      id: 'rapidapi-key',
      issuer: 'RapidAPI',
      kind: 'API key',
      docs: 'https://docs.rapidapi.com/docs/keys-and-key-rotation',
      anchors: ['msh'],
      pattern: '[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{5}jsn[0-9a-f]{12}',
      maxLength: 50,
      revoke: 'dashboard only',
    },
    10,
  ),
]
