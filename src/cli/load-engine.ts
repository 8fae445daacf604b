/** The engine as one scan from a terminal wants it: told by plain data, so that each thread can make its own. */
import type { Engine } from '../scan/engine.ts'
import { asInstallError } from './broken-install.ts'
import { chooseDetectors } from './choose-detectors.ts'

export interface EngineWish {
  /** Ids of the detectors to use; all where null. */
  detectors: readonly string[] | null
}

/**
 * Loads the detectors and compiles them.
 * @throws AppError `usage` for an id that is not there, `config` where re2 was not built
 */
export async function loadEngine({ detectors: ids }: EngineWish): Promise<Engine> {
  try {
    const [{ createEngine }, { detectors }] = await Promise.all([
      import('../scan/engine.ts'),
      import('../../detectors/index.ts'),
    ])
    return createEngine(chooseDetectors(detectors, ids))
  } catch (error) {
    throw asInstallError(error)
  }
}
