/** The facts that policy weighs, read from the tables in the caller's transaction. */
import type { Db, Tx } from '../store/database.ts'
import type { FindingRow } from '../store/findings.ts'
import type { IssuerRow } from '../store/issuers.ts'
import { placesOf } from '../store/places.ts'
import { countAutomatic } from '../store/responses.ts'
import { killSwitch } from '../store/settings.ts'
import type { RespondDeps } from './deps.ts'
import type { PolicyInput } from './policy.ts'

const hour = 3600

export async function readFacts(
  tx: Tx,
  deps: Pick<RespondDeps, 'detectors'>,
  finding: FindingRow,
  issuer: IssuerRow | null,
): Promise<PolicyInput> {
  const places = await placesOf(tx, finding.id)
  return {
    ...(await readSwitches(tx, finding, issuer)),
    automaticLastHour: issuer === null ? 0 : await countAutomatic(tx, issuer.id, hour),
    manualOnly: deps.detectors.find((each) => each.id === finding.detector)?.manualOnly === true,
    places: places.map((place) => ({
      owned: place.authority === 'owned',
      public: place.details.public === true,
    })),
  }
}

/** The facts that may change between decision and sending. */
export async function readSwitches(
  db: Db | Tx,
  finding: FindingRow,
  issuer: IssuerRow | null,
): Promise<Pick<PolicyInput, 'issuer' | 'finding' | 'killSwitch'>> {
  return {
    issuer:
      // What an issuer no longer registers is none of its business any more.
      issuer === null || !Object.hasOwn(issuer.types, finding.detector)
        ? null
        : {
            mode: issuer.mode,
            proven: issuer.endpoint !== null && issuer.provenAt !== null,
            disabled: issuer.disabledAt !== null,
            hourlyCap: issuer.hourlyCap,
          },
    finding,
    killSwitch: await killSwitch(db),
  }
}
