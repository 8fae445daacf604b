/** InfluxDB: 64 bytes in base64url, found beside its name alone. */
import type { Detector } from '../src/model/detector.ts'
import { bytesCheck } from './checks/bytes.ts'
import { randomBytes } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const influxdb: readonly Detector[] = [
  valued({
    id: 'influxdb-token',
    issuer: 'InfluxDB',
    kind: 'token',
    docs: 'https://docs.influxdata.com/influxdb/v2/admin/tokens/',
    context: ['influx'],
    pattern: '[A-Za-z0-9_-]{86}==',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 88,
    yieldsTo: ['azure-cosmosdb-key', 'azure-storage-account-key'],
    checkKind: 'structure',
    check: bytesCheck(0, [64], { padding: 'full' }),
    mint: (random) => `${randomBytes(random, 64).toString('base64url')}==`,
    revoke: 'DELETE /api/v2/authorizations/{id}',
  }),
]
