/** How a file under a target is named to a person: as they would write it, below what they named. */

/** @param below the path under `target`; empty for the target itself */
export function shownPath(target: string, below: string): string {
  return pathShower(target)(below)
}

/** `shownPath` for many files of one target. */
export function pathShower(target: string): (below: string) => string {
  const folder = shownFolder(target)
  const start = folder === '.' ? '' : folder.endsWith('/') ? folder : `${folder}/`
  return (below) => (below === '' ? target : start + below)
}

/** A folder as its files show it: without `./` in front and slashes behind. */
export function shownFolder(target: string): string {
  return target.replace(/^\.\/+(?=.)/, '').replace(/(?<=.)\/+$/, '')
}
