/** Issuers: who can disable a kind of credential, and how it is told. */
import { z } from 'zod'
import { responseModes } from '../../model/finding.ts'
import { id, reason, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

const dialects = ['github', 'gitlab'] as const

export const issuerSchema = z
  .object({
    id,
    url: z.string(),
    slug: z.string(),
    name: z.string(),
    endpoint: z.string().nullable(),
    status_endpoint: z.string().nullable(),
    header_prefix: z.string(),
    dialect: z.enum(dialects),
    mode: z.enum(responseModes),
    revokes_on_receipt: z.boolean(),
    certificate_authority: z.string().nullable(),
    types: z.record(z.string(), z.string()).describe('Detector id to the type name the issuer registered'),
    hourly_cap: z.int(),
    proven_at: time
      .nullable()
      .describe('Null: no credential is sent there before a test delivery was answered'),
    disabled_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Issuer' })

export const issuerListSchema = z.array(issuerSchema)

export const issuerQuery = pagedQuery({})

/** Credentials in a URL end up in logs of proxies; a fragment is never sent. */
function isSafeHttpsUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
}

const endpoint = text(2000).refine(
  isSafeHttpsUrl,
  'must be an https: URL without user, password and fragment',
)

const fields = {
  name: text(200),
  endpoint: endpoint.nullable(),
  status_endpoint: endpoint.nullable(),
  header_prefix: text(40).regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be letters, digits and dashes'),
  dialect: z.enum(dialects),
  mode: z.enum(responseModes),
  revokes_on_receipt: z.boolean(),
  certificate_authority: text(20_000)
    .regex(/^-----BEGIN CERTIFICATE-----/, 'must be a PEM certificate')
    .nullable()
    .describe('PEM; trusted for this issuer alone'),
  types: z
    .record(text(100), text(100).describe('As the issuer registered it'))
    .refine((types) => Object.keys(types).length <= 200, 'holds 200 members at most'),
  hourly_cap: z.int().min(0).max(100_000),
}

export const issuerRequest = z.strictObject({
  ...fields,
  slug: text(60).regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  endpoint: fields.endpoint.default(null),
  status_endpoint: fields.status_endpoint.default(null),
  header_prefix: fields.header_prefix.default('Github'),
  dialect: fields.dialect.default('github'),
  mode: fields.mode.default('approve'),
  revokes_on_receipt: fields.revokes_on_receipt.default(false),
  certificate_authority: fields.certificate_authority.default(null),
  types: fields.types.default({}),
  hourly_cap: fields.hourly_cap.default(10),
  reason: reason.optional().describe('Required with mode auto'),
})

export const issuerPatch = z.strictObject({
  ...z.object(fields).partial().shape,
  disabled: z.boolean().optional(),
  reason: reason.optional().describe('Required with mode auto'),
})

export const testDeliverySchema = z
  .object({
    delivery_id: z.string(),
    delivery_url: z.string(),
    proven: z.boolean(),
    status: z.int().nullable().describe("The endpoint's HTTP status; null when none came"),
    outcome: z.string(),
  })
  .meta({ id: 'TestDelivery' })
