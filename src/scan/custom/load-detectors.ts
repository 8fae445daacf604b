/**
 * The detectors to work with: the built-in ones and those of the user's files. Reading is apart from building,
 * so that a worker thread can be handed the text and build the same list.
 */
import { delimiter } from 'node:path'
import type { Detector } from '../../model/detector.ts'
import type { DetectorFile } from './custom-detectors.ts'

/** The files that `KEYRECALL_DETECTORS_FILE` names, as `PATH` names folders. */
export function detectorFileNames(variable: string | undefined): string[] {
  return (variable ?? '').split(delimiter).filter((name) => name.trim() !== '')
}

/** @throws AppError (config) naming a file that cannot be read */
export async function readDetectorFiles(names: readonly string[]): Promise<DetectorFile[]> {
  if (names.length === 0) return []
  const { readDetectorFile } = await import('./custom-detectors.ts')
  return await Promise.all(names.map(readDetectorFile))
}

/**
 * Those of `files` first, then the built-in ones that they do not replace.
 * @throws AppError (config) with every problem of the files
 */
export async function loadDetectors(files: readonly DetectorFile[]): Promise<readonly Detector[]> {
  const { detectors } = await import('../../../detectors/index.ts')
  if (files.length === 0) return detectors
  const { withCustomDetectors } = await import('./custom-detectors.ts')
  return withCustomDetectors(files, detectors)
}
