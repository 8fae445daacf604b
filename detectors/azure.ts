/** Azure: service keys whose last bytes are a sum over the others (version 1). */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import type { Base64Form } from './checks/base64.ts'
import { checkHis, type HisForm, mintHis } from './checks/his.ts'
import { inside } from './checks/shape.ts'

export const azure: readonly Detector[] = [
  inside(
    {
      id: 'azure-storage-account-key',
      issuer: 'Microsoft Azure',
      kind: 'Storage account key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+ASt'],
      pattern: String.raw`[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 88,
      check: checkHis(his('+ASt', 64, ['Default0'], { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+ASt', 64, ['Default0'], { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-cosmosdb-key',
      issuer: 'Microsoft Azure',
      kind: 'Cosmos DB key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['ACDb'],
      pattern: '[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{6}==',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 88,
      check: checkHis(
        his(
          'ACDb',
          64,
          ['MastRO00', 'MastRW00', 'SystRO00', 'SystRW00', 'SysAll00', 'Resour00', 'Encryp00'],
          { alphabet: 'standard', padding: 'full' },
        ),
      ),
      mint: mintHis(
        his(
          'ACDb',
          64,
          ['MastRO00', 'MastRW00', 'SystRO00', 'SystRW00', 'SysAll00', 'Resour00', 'Encryp00'],
          { alphabet: 'standard', padding: 'full' },
        ),
      ),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-batch-key',
      issuer: 'Microsoft Azure',
      kind: 'Batch account key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+ABa'],
      pattern: String.raw`[A-Za-z0-9+/]{76}\+ABa[A-Za-z0-9+/]{6}==`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 88,
      check: checkHis(his('+ABa', 64, ['AbAcct00'], { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+ABa', 64, ['AbAcct00'], { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-ml-classic-key',
      issuer: 'Microsoft Azure',
      kind: 'Machine Learning (classic) key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+AMC'],
      pattern: String.raw`[A-Za-z0-9+/]{76}\+AMC[A-Za-z0-9+/]{6}==`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 88,
      check: checkHis(his('+AMC', 64, ['Classic0'], { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+AMC', 64, ['Classic0'], { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-apim-key',
      issuer: 'Microsoft Azure',
      kind: 'API Management key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['APIM'],
      pattern: '[A-Za-z0-9+/]{76}APIM[A-Za-z0-9+/]{6}==',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 88,
      check: checkHis(
        his('APIM', 64, ['Tenant00', 'Gatewy00', 'GitKey00', 'IoTHub00'], {
          alphabet: 'standard',
          padding: 'full',
        }),
      ),
      mint: mintHis(
        his('APIM', 64, ['Tenant00', 'Gatewy00', 'GitKey00', 'IoTHub00'], {
          alphabet: 'standard',
          padding: 'full',
        }),
      ),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-container-registry-key',
      issuer: 'Microsoft Azure',
      kind: 'Container Registry admin password',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+ACR'],
      pattern: String.raw`[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 52,
      check: softly(checkHis(his('+ACR', 39, ['ACRDflt0'], { alphabet: 'standard', padding: 'none' }))),
      mint: mintHis(his('+ACR', 39, ['ACRDflt0'], { alphabet: 'standard', padding: 'none' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    42,
  ),
  inside(
    {
      id: 'azure-search-key',
      issuer: 'Microsoft Azure',
      kind: 'AI Search key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['AzSe'],
      pattern: '[A-Za-z0-9+/]{42}AzSe[A-Za-z0-9+/]{6}',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 52,
      check: checkHis(his('AzSe', 39, ['Query000', 'PAdmin00'], { alphabet: 'standard', padding: 'none' })),
      mint: mintHis(his('AzSe', 39, ['Query000', 'PAdmin00'], { alphabet: 'standard', padding: 'none' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    42,
  ),
  inside(
    {
      id: 'azure-function-key',
      issuer: 'Microsoft Azure',
      kind: 'Functions key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['AzFu'],
      pattern: '[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}(?:==)?',
      notAfter: 'A-Za-z0-9_=-',
      notBefore: 'A-Za-z0-9_-',
      maxLength: 56,
      check: checkHis(
        his('AzFu', 40, ['Functi00', 'Master00', 'System00'], { alphabet: 'url', padding: 'any' }),
      ),
      mint: mintHis(
        his('AzFu', 40, ['Functi00', 'Master00', 'System00'], { alphabet: 'url', padding: 'any' }),
      ),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    44,
  ),
  inside(
    {
      id: 'azure-redis-key',
      issuer: 'Microsoft Azure',
      kind: 'Cache for Redis key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['AzCa'],
      pattern: '[A-Za-z0-9+/]{33}AzCa[A-Za-z0-9+/]{6}=',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: checkHis(his('AzCa', 32, ['Access00'], { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('AzCa', 32, ['Access00'], { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
  inside(
    {
      id: 'azure-servicebus-key',
      issuer: 'Microsoft Azure',
      kind: 'Service Bus key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+ASb'],
      pattern: String.raw`[A-Za-z0-9+/]{33}\+ASb[A-Za-z0-9+/]{6}=`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: checkHis(his('+ASb', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+ASb', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
  inside(
    {
      id: 'azure-eventhub-key',
      issuer: 'Microsoft Azure',
      kind: 'Event Hubs key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+AEh'],
      pattern: String.raw`[A-Za-z0-9+/]{33}\+AEh[A-Za-z0-9+/]{6}=`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: checkHis(his('+AEh', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+AEh', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
  inside(
    {
      id: 'azure-relay-key',
      issuer: 'Microsoft Azure',
      kind: 'Relay key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['+ARm'],
      pattern: String.raw`[A-Za-z0-9+/]{33}\+ARm[A-Za-z0-9+/]{6}=`,
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: checkHis(his('+ARm', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      mint: mintHis(his('+ARm', 32, 'bus', { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
  inside(
    {
      id: 'azure-iot-key',
      issuer: 'Microsoft Azure',
      kind: 'IoT Hub, DPS or device key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['AIoT'],
      pattern: '[A-Za-z0-9+/]{33}AIoT[A-Za-z0-9+/]{6}=',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: checkHis(
        his('AIoT', 32, ['IoTHub00', 'DpsKey00', 'Device00'], { alphabet: 'standard', padding: 'full' }),
      ),
      mint: mintHis(
        his('AIoT', 32, ['IoTHub00', 'DpsKey00', 'Device00'], { alphabet: 'standard', padding: 'full' }),
      ),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
  inside(
    {
      id: 'azure-eventgrid-key',
      issuer: 'Microsoft Azure',
      kind: 'Event Grid key',
      docs: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
      anchors: ['AZEG'],
      pattern: '[A-Za-z0-9+/]{33}AZEG[A-Za-z0-9+/]{6}=',
      notAfter: 'A-Za-z0-9+/=',
      notBefore: 'A-Za-z0-9+/',
      maxLength: 44,
      check: softly(checkHis(his('AZEG', 32, ['SendRecv'], { alphabet: 'standard', padding: 'full' }))),
      mint: mintHis(his('AZEG', 32, ['SendRecv'], { alphabet: 'standard', padding: 'full' })),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    33,
  ),
]

type Seeds = HisForm['seeds']

/** Service Bus, Event Hubs and Relay share their seeds. */
function his(signature: string, bytes: number, seeds: Seeds | 'bus', form: Base64Form): HisForm {
  const bus: Seeds = ['Send0000', 'Listen00', 'Manage00', 'System00', 'Unknown0']
  return { signature, bytes, seeds: seeds === 'bus' ? bus : seeds, form }
}

/** For services where published keys or a second implementation disagree with the sum. */
function softly(check: (secret: Buffer) => CheckResult): (secret: Buffer) => CheckResult {
  return (secret) => {
    const result = check(secret)
    return result.outcome === 'failed' ? { ...result, soft: true } : result
  }
}
