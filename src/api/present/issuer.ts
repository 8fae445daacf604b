/** Issuers between the members of the contract and the columns of the row. */
import type { z } from 'zod'
import type { IssuerFields, IssuerRow } from '../../store/issuers.ts'
import type { issuerPatch, issuerSchema } from '../contract/issuer.ts'
import { definedMembers } from '../defined-members.ts'

type PatchMembers = Omit<z.output<typeof issuerPatch>, 'reason' | 'disabled'>

/** The columns of what was sent. */
export function issuerFields(members: PatchMembers): Partial<IssuerFields> {
  return definedMembers({
    name: members.name,
    endpoint: members.endpoint,
    statusEndpoint: members.status_endpoint,
    headerPrefix: members.header_prefix,
    dialect: members.dialect,
    mode: members.mode,
    revokesOnReceipt: members.revokes_on_receipt,
    certificateAuthority: members.certificate_authority,
    types: members.types,
    hourlyCap: members.hourly_cap,
  })
}

export function presentIssuer(row: IssuerRow): z.output<typeof issuerSchema> {
  return {
    id: row.id,
    url: `/v1/issuers/${row.id}`,
    slug: row.slug,
    name: row.name,
    endpoint: row.endpoint,
    status_endpoint: row.statusEndpoint,
    header_prefix: row.headerPrefix,
    dialect: row.dialect,
    mode: row.mode,
    revokes_on_receipt: row.revokesOnReceipt,
    certificate_authority: row.certificateAuthority,
    types: row.types,
    hourly_cap: row.hourlyCap,
    proven_at: row.provenAt?.toISOString() ?? null,
    disabled_at: row.disabledAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
