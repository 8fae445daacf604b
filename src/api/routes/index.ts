/** Every route there is. */
import { findToken } from '../../store/tokens.ts'
import type { ApiApp } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import { addAuditRoutes } from './audit.ts'
import { addDeliveryRoutes } from './deliveries.ts'
import { addFindingRoutes } from './findings.ts'
import { addHealthRoutes } from './health.ts'
import { addIssuerRoutes } from './issuers.ts'
import { addOpenapiRoute } from './openapi.ts'
import { addPublicKeyRoutes } from './public-keys.ts'
import { addRevocationRoutes } from './revocations.ts'
import { addScanRoutes } from './scans.ts'
import { addScheduleRoutes } from './schedules.ts'
import { addSettingRoutes } from './settings.ts'
import { addSourceRoutes } from './sources.ts'

export function addRoutes(app: ApiApp, deps: ApiDeps): void {
  addFindingRoutes(app, deps)
  addRevocationRoutes(app, deps)
  addScanRoutes(app, deps)
  addSourceRoutes(app, deps)
  addScheduleRoutes(app, deps)
  addIssuerRoutes(app, deps)
  addDeliveryRoutes(app, deps)
  addSettingRoutes(app, deps)
  addAuditRoutes(app, deps)
  addPublicKeyRoutes(app, deps)
  addHealthRoutes(app, { ...deps, findToken: (hash) => findToken(deps.db, hash) })
  addOpenapiRoute(app)
}
