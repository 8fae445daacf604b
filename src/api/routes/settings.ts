/** The kill switch: one setting that stops everything from being sent to any issuer. */
import { type Db, transact } from '../../store/database.ts'
import { killSwitch, setKillSwitch } from '../../store/settings.ts'
import type { ApiApp } from '../app.ts'
import { actorOf } from '../auth/require-scope.ts'
import { killSwitchRequest, killSwitchSchema } from '../contract/upkeep.ts'

const url = '/v1/settings/kill-switch'

export function addSettingRoutes(app: ApiApp, deps: { db: Db }): void {
  const tags = ['settings']

  app.get(
    url,
    {
      config: { scope: 'read' },
      schema: { summary: 'Read the kill switch', tags, response: { 200: killSwitchSchema } },
    },
    async () => ({ engaged: await killSwitch(deps.db) }),
  )

  app.put(
    url,
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Engage or release the kill switch',
        tags,
        body: killSwitchRequest,
        response: { 200: killSwitchSchema },
      },
    },
    async (request) => {
      const { engaged, reason } = request.body
      await transact(deps.db, (tx) => setKillSwitch(tx, engaged, actorOf(request).name, reason))
      return { engaged }
    },
  )
}
