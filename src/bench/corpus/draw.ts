/**
 * What the made-up texts are drawn from: words of programs and prose, names put together from them, times, hashes.
 * Everything comes from one seeded source, so the same seed writes the same corpus on every machine.
 */
import { between, type Random } from '../../../detectors/checks/random.ts'

/** Common words first: they are drawn more often, as in real text. */
const words = `the of to and a in is for value data name this that with it as be on id type list item user key
state index node file path result count size error time event config option request response model field
string number query table text line code page view url event date order group parent child root
message service client server handler callback context session token auth password secret account access
create update delete remove insert select find filter map reduce sort merge split join parse format render
read write open close start stop begin end load save send receive build test run check verify validate
return value when then else from into over under after before between within without because however
first last next previous current default empty total average minimum maximum length width height depth
source target origin remote local public private static async await promise stream buffer chunk block
process thread worker queue job task schedule retry timeout interval delay cache store memory disk volume
customer product invoice payment address street city country region zone price amount currency discount
stock shipment carrier supplier warehouse contract employee manager department project budget report
metric gauge counter histogram trace span label annotation version release branch commit merge rebase
image layer canvas shader vertex texture color alpha pixel frame window widget button dialog menu panel
device sensor signal channel frequency voltage current power energy battery motor driver firmware
header footer body title paragraph section chapter article author editor reader comment review rating
river mountain forest island valley harbour bridge garden market station castle village meadow orchard
winter summer autumn spring morning evening midnight thunder breeze shadow silver copper golden crimson
follow replace prefer require support provide include exclude contain describe explain consider expect
small large quick slow early late often never always usually several another different available possible
argument parameter variable constant function method class interface object array boolean integer float
document element attribute selector template component property module package import export namespace
encode decode encrypt decrypt compress expand digest signature certificate issuer audience subject claim
offset cursor limit batch page bucket shard replica partition leader follower snapshot checkpoint journal`
  .split(/\s+/)
  .filter((word) => word !== '')

/** Names beside which values are taken for credentials; met now and then. */
const vendors =
  'github gitlab slack stripe twilio datadog amazon google azure heroku docker kubernetes redis'.split(' ')
const syllables =
  'ba co di fu ge hi jo ka le mi no pu qua ri so tu va we xi yo zan der lin mor tel vis'.split(' ')

export class Draw {
  readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  /** From `low` to `high`, both included. */
  int(low: number, high: number): number {
    return between(this.random, low, high)
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  pick<T>(options: readonly T[]): T {
    const one = options[Math.floor(this.random() * options.length)]
    if (one === undefined) throw new RangeError('nothing to choose from')
    return one
  }

  /** What one of `makers` makes; the others are not asked. */
  choose(makers: readonly (() => string)[]): string {
    return this.pick(makers)()
  }

  word(): string {
    const share = this.random()
    if (share > 0.997) return this.pick(vendors)
    // Rare words, names of people and things, are in no list.
    if (share > 0.97) return this.pick(syllables) + this.pick(syllables) + this.pick(syllables)
    return words[Math.floor(share * share * words.length)] ?? 'word'
  }

  /** A name as programs use it, of one to three words. */
  name(style: 'camel' | 'snake' | 'pascal' | 'kebab' = 'camel'): string {
    const parts = Array.from({ length: this.int(1, 3) }, () => this.word())
    if (style === 'snake') return parts.join('_')
    if (style === 'kebab') return parts.join('-')
    const joined = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
    return style === 'pascal' ? joined : joined.charAt(0).toLowerCase() + joined.slice(1)
  }

  sentence(): string {
    const parts = Array.from({ length: this.int(5, 18) }, () => this.word())
    const text = parts.join(' ')
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${this.pick(['.', '.', '.', '?', ':'])}`
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length)
      text += Math.floor(this.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0')
    return text.slice(0, length)
  }

  letter(): string {
    return String.fromCharCode(this.int(0x61, 0x7a))
  }

  /** Of `count` random bytes. */
  base64(count: number): string {
    return this.bytes(count).toString('base64')
  }

  bytes(count: number): Buffer {
    const quads = new Uint32Array(Math.ceil(count / 4))
    for (let i = 0; i < quads.length; i++) quads[i] = Math.floor(this.random() * 0x1_0000_0000)
    return Buffer.from(quads.buffer, 0, count)
  }

  uuid(): string {
    const digits = this.hex(30)
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}-a${digits.slice(15, 18)}-${digits.slice(18)}`
  }

  /** ISO 8601, some time in two years. */
  time(): string {
    return new Date(1_704_067_200_000 + Math.floor(this.random() * 63_072_000_000)).toISOString()
  }

  host(): string {
    return `${this.name('kebab')}.${this.pick(['example.com', 'example.org', 'internal.example', 'svc.cluster.local'])}`
  }

  address(): string {
    return `10.${this.int(0, 255)}.${this.int(0, 255)}.${this.int(1, 254)}`
  }

  url(): string {
    const query = this.chance(0.3) ? `?${this.word()}=${this.int(1, 9999)}` : ''
    return `https://${this.host()}/${this.word()}/${this.name('kebab')}${query}`
  }
}
