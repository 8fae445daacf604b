/**
 * Refuses a service that was started with another key than the one its database was filled under: it would find no
 * finding again (a second revocation, a second mail for each) and open no sealed column.
 */
import { timingSafeEqual } from 'node:crypto'
import type { ServiceKeys } from '../base/service-key.ts'
import { AppError } from '../model/errors.ts'
import type { Db } from './database.ts'

/** Notes the key's check value at the first start, compares it at every other. `AppError` (config) on another key. */
export async function checkServiceKey(db: Db, keys: ServiceKeys): Promise<void> {
  await db
    .insertInto('serviceKey')
    .values({ version: keys.version, checkValue: keys.checkValue })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute()
  const row = await db
    .selectFrom('serviceKey')
    .select('checkValue')
    .where('version', '=', keys.version)
    .executeTakeFirstOrThrow()
  const same =
    row.checkValue.length === keys.checkValue.length && timingSafeEqual(row.checkValue, keys.checkValue)
  if (!same) {
    throw new AppError(
      'config',
      'the service key is not the one this database was filled under; ' +
        'start with the KEYRECALL_SERVICE_KEY (or the home folder) used before, or with an empty database',
    )
  }
}
