/** Shopify: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const shopify: readonly Detector[] = [
  prefixed({
    id: 'shopify-access-token',
    issuer: 'Shopify',
    kind: 'admin access token',
    docs: 'https://shopify.dev/docs/apps/build/authentication-authorization',
    anchors: ['shpat_'],
    pattern: 'shpat_[0-9a-fA-F]{32}',
    maxLength: 38,
    revoke: 'DELETE /admin/api_permissions/current.json with the token; else dashboard',
  }),
  prefixed({
    id: 'shopify-custom-app-token',
    issuer: 'Shopify',
    kind: 'custom app token',
    docs: 'https://shopify.dev/docs/apps/build/authentication-authorization',
    anchors: ['shpca_'],
    pattern: 'shpca_[0-9a-fA-F]{32}',
    maxLength: 38,
    revoke: 'DELETE /admin/api_permissions/current.json with the token; else dashboard',
  }),
  prefixed({
    id: 'shopify-private-app-password',
    issuer: 'Shopify',
    kind: 'private app password',
    docs: 'https://shopify.dev/docs/apps/build/authentication-authorization',
    anchors: ['shppa_'],
    pattern: 'shppa_[0-9a-fA-F]{32}',
    maxLength: 38,
    revoke: 'DELETE /admin/api_permissions/current.json with the token; else dashboard',
  }),
  prefixed({
    id: 'shopify-shared-secret',
    issuer: 'Shopify',
    kind: 'shared secret',
    docs: 'https://shopify.dev/docs/apps/build/authentication-authorization',
    anchors: ['shpss_'],
    pattern: 'shpss_[0-9a-fA-F]{32}',
    maxLength: 38,
    revoke: 'rotate in the partner dashboard',
  }),
]
