/**
 * How much text looks like words: pairs of letters that follow each other in English and in names of things, against
 * chance. Counted over the 8,573 words that the READMEs of 250 npm packages use twice and more.
 */

/** Row: first letter, column: second; 6 is as often as by chance, each step doubles or halves it. */
const pairs = `16760461624867060878554353 84438111750843742773810053 70518008607620911658601040
73369341823633730673632150 64785542321668354886254631 80338700901730800646700160 62329267801647640764730043
80009130802353822647602140 65766660213769750577050405 71119111614313841591761111 74359552833426542684503060
73369321803831840266642070 96339041832563781053521330 72777582634425640288551042 45673450435679660866756322
82238235602753871867620140 11311411411711151411911113 83559452805465730677543060 62638426704543762379733150
71538337800532750776504161 66657462602778360888100302 81029050800202600343430100 82038048800507800771106011
70738303820440590409000553 65647442704667780587205034 83439113815631811431111157`
  .split(/\s+/)
  .join('')

/** Doublings above (or below, when negative) chance of one small letter behind another, by their codes. */
export function pairLikeness(first: number, second: number): number {
  return pairs.charCodeAt(26 * (first - 97) + (second - 97)) - 0x36
}

/** The same on average over the pairs of a word. */
function likeness(word: string): number {
  let sum = 0
  for (let i = 1; i < word.length; i++) sum += pairLikeness(word.charCodeAt(i - 1), word.charCodeAt(i))
  return sum / (word.length - 1)
}

/** Words of computing and of keyboards that letter pairs do not tell from chance. */
const oddWords = new Set(
  'html https http qwerty asdf asdfgh zxcvbn mysql pwd kubectl xyz abc foobar keyboard swordfish'.split(' '),
)

/**
 * True for a run of letters that reads as a word. Of random runs of six letters and more one in ten does, of four
 * letters one in ten; of words all but one in twenty.
 */
function isWord(run: string): boolean {
  const word = run.toLowerCase()
  if (oddWords.has(word)) return true
  return word.length >= 4 && likeness(word) > (word.length < 6 ? 0.4 : -0.35)
}

/** Runs of letters, cut where camel case begins a new word. */
export function letterRuns(text: string): string[] {
  return text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []
}

/** Share of the characters of `text` that stand in runs that read as words, 0 to 1. */
export function wordShare(text: string): number {
  let covered = 0
  for (const run of letterRuns(text)) if (isWord(run)) covered += run.length
  return covered / text.length
}
