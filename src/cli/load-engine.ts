/** The engine as one scan from a terminal wants it: told by plain data, so that each thread can make its own. */
import type { DetectorFile } from '../scan/custom/custom-detectors.ts'
import { loadDetectors } from '../scan/custom/load-detectors.ts'
import type { Engine } from '../scan/engine.ts'
import { asInstallError } from './broken-install.ts'
import { chooseDetectors } from './choose-detectors.ts'

export interface EngineWish {
  /** Ids of the detectors to use; all where null. */
  detectors: readonly string[] | null
  /** More detectors, as they stand in files. */
  files: readonly DetectorFile[]
  /** As in `EngineOptions`. */
  heedComments: boolean
}

/**
 * Loads the detectors and compiles them.
 * @throws AppError `usage` for an id that is not there, `config` where re2 was not built or a file of detectors cannot be used
 */
export async function loadEngine({ detectors: ids, files, heedComments }: EngineWish): Promise<Engine> {
  try {
    const [{ createEngine }, detectors] = await Promise.all([
      import('../scan/engine.ts'),
      loadDetectors(files),
    ])
    return createEngine(chooseDetectors(detectors, ids), { heedComments })
  } catch (error) {
    throw asInstallError(error)
  }
}
