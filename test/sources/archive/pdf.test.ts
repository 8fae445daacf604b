/** PDF files: the text of their pages in one piece, and what else is packed in them. */
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { both, ranged, unpack } from '../../support/archive-blob.ts'
import { pdfFile } from '../../support/pdf-file.ts'

async function textOf(content: string, ...others: Parameters<typeof pdfFile>[0][number][]): Promise<string> {
  const { members } = await unpack(ranged(pdfFile([{ content }, ...others])))
  return members[0]?.[1] ?? ''
}

const page = (commands: string) => `q BT /F1 12 Tf ${commands} ET Q`

describe.each(both)('a PDF %s', (_, blobOf) => {
  it('gives the text of its pages, and the file itself without what was read', async () => {
    const pdf = pdfFile([
      '<< /Title (a title) >>',
      { content: page('(first page) Tj') },
      { content: page('(second page) Tj'), plain: true },
    ])

    const { members, problems } = await unpack(blobOf(pdf))

    expect(problems).toEqual([])
    expect(members.slice(0, -1)).toEqual([
      ['object 2', 'first page\n'],
      ['object 3', 'second page\n'],
    ])
    expect(members.at(-1)?.[1]).toContain('(a title)')
    expect(members.at(-1)?.[1]).not.toContain('second page')
  })

  it('of an unknown or wrong length, or cut off, gives its text all the same', async () => {
    const content = page('(needle) Tj')

    for (const length of ['9 0 R', '3', '99999']) {
      expect((await unpack(blobOf(pdfFile([{ content, length }])))).members[0]).toEqual([
        'object 1',
        'needle\n',
      ])
    }
    const long = pdfFile([{ content: page(`${'(needle) Tj T* '.repeat(3)} ${randomText(4_000)}`) }])
    expect((await unpack(blobOf(long.subarray(0, long.length - 600)))).members[0]?.[1]).toContain(
      'needle\nneedle',
    )
  })
})

describe('the text of a page', () => {
  it.each([
    ['in parts moved closer together', '[(to) 20 (ken) -15 (_12)] TJ', 'token_12\n'],
    ['in parts with a space between them', '[(two) -250 (words)] TJ', 'two words\n'],
    ['in several commands', '(to) Tj (ken) Tj', 'token\n'],
    ['in lines', '(one) Tj 0 -14 Td (two) Tj T* (three) Tj 0 -2 TD (four) Tj', 'one\ntwo\nthree\nfour\n'],
    ['in columns', '1 0 0 1 10 700 Tm (left) Tj 1 0 0 1 90 700 Tm (right) Tj', 'left right\n'],
    ['with its own line commands', '(one) Tj (two) \' 1 2 (three) "', 'one\ntwo\nthree\n'],
    [
      'with escapes',
      String.raw`(a\(b\)c\\d \101\n(nested) e\
f) Tj`,
      'a(b)c\\d A\n(nested) ef\n',
    ],
    ['in hex', '<68 65 78> Tj', 'hex\n'],
    ['beside pictures', '(a) Tj ET BI /W 1 ID \x00(zzz) Tj\xff EI BT (b) Tj', 'a\nb\n'],
    ['behind comments and dictionaries', '% (no) Tj\n/Span << /ActualText (x) >> BDC (a) Tj EMC', 'a\n'],
  ])('%s', async (_, commands, text) => {
    expect(await textOf(page(commands))).toBe(text)
  })

  it('in glyphs by number is read through the map of its font', async () => {
    const map = `begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange
      2 beginbfchar <0001> <0041> <0002> <00660069> endbfchar
      2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0078> <0079>] endbfrange endcmap`

    const text = await textOf(
      'BT /F7 9 Tf <00010002001000110012> Tj [<0020> 5 <0021>] TJ ET',
      '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 3 0 R >>',
      { content: map },
      '<< /Type /Page /Resources << /Font << /F7 2 0 R >> >> /Contents 1 0 R >>',
    )

    expect(text).toBe('Afiabcxy\n')
  })

  it('is read also where fonts and pages stand in packed objects', async () => {
    const objects = ['<< /Type /Font /ToUnicode 2 0 R >>', '<< /Font << /C0 11 0 R >> >>']
    const numbers = `11 0 12 ${(objects[0]?.length ?? 0) + 1} `

    const text = await textOf(
      'BT /C0 9 Tf <05> Tj ET',
      { content: '1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <05> <005A> endbfchar' },
      { content: numbers + objects.join(' '), entries: `/Type /ObjStm /N 2 /First ${numbers.length}` },
    )

    expect(text).toBe('Z\n')
  })
})

describe('a PDF', () => {
  it('gives the files and forms in it, and passes over pictures and fonts', async () => {
    const pdf = pdfFile([
      { content: 'an embedded file', entries: '/Type /EmbeddedFile' },
      { content: '1 0 << /V (a form value) >>', entries: '/Type /ObjStm /N 1 /First 4' },
      { content: 'pixels', entries: '/Subtype /Image' },
      { content: 'glyphs', entries: '/Length1 6' },
      { content: 'numbers', entries: '/Type /XRef' },
    ])

    const { members } = await unpack(ranged(pdf))

    expect(members.slice(0, -1).map(([name]) => name)).toEqual(['object 1', 'object 2'])
    expect(members[0]?.[1]).toBe('an embedded file')
    expect(members[1]?.[1]).toContain('a form value')
  })

  it('opens archives in it', async () => {
    const pdf = pdfFile([{ content: gzipSync('inside'), entries: '/Type /EmbeddedFile' }])

    expect((await unpack(ranged(pdf))).members[0]).toEqual(['object 1!object 1', 'inside'])
  })

  it('packed twice, and written in letters, is unpacked', async () => {
    const letters = `${ascii85(deflateSync(page('(in letters) Tj')))}~>`
    const hex = `${Buffer.from(page('(in hex) Tj')).toString('hex')}>`
    const pdf = pdfFile([
      { content: letters, entries: '/Filter [/ASCII85Decode /FlateDecode]', plain: true },
      { content: hex, entries: '/Filter /ASCIIHexDecode', plain: true },
    ])

    expect((await unpack(ranged(pdf))).members.slice(0, 2)).toEqual([
      ['object 1', 'in letters\n'],
      ['object 2', 'in hex\n'],
    ])
  })

  it('that is encrypted is told, and read as it is', async () => {
    const pdf = pdfFile([{ content: 'noise' }], '<< /Root 1 0 R /Encrypt 9 0 R >>')

    const { members, problems } = await unpack(ranged(pdf))

    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_encrypted', subject: 'file' }])
    expect(members.map(([name]) => name)).toEqual([undefined])
  })

  it('with a bomb in it goes on behind that', async () => {
    const bomb = { content: Buffer.alloc(20 * 1024 * 1024) }
    const pdf = pdfFile([bomb, { content: page('(after) Tj') }])

    const { members, problems } = await unpack(ranged(pdf))

    expect(members[0]).toEqual(['object 2', 'after\n'])
    expect(problems).toMatchObject([{ problem: 'skipped', code: 'archive_limit', subject: 'file!object 1' }])
  })

  it('never gives more than members and problems, whatever is changed in it', async () => {
    const good = pdfFile([
      { content: page('[(to) 20 (ken)] TJ (a\\(b) Tj <0041> Tj') },
      { content: '1 beginbfrange <00> <ff> <0041> endbfrange' },
      '<< /Type /Font /ToUnicode 2 0 R >>',
      '<< /F1 3 0 R >>',
      { content: page('(plain (nested) \\101) Tj'), plain: true },
    ])
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value

        const { members, problems } = await unpack(ranged(bytes), { maxBytes: 1024 * 1024 })

        expect(members.at(-1)?.[0]).toBe(undefined)
        for (const { code } of problems) expect(code).toMatch(/^archive_/)
      }),
      { numRuns: 300, seed: 54 },
    )
  })
})

function ascii85(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const group = Buffer.alloc(4)
    const length = bytes.copy(group, 0, at, at + 4)
    let value = group.readUInt32BE(0)
    let signs = ''
    for (let i = 0; i < 5; i++) {
      signs = String.fromCharCode(33 + (value % 85)) + signs
      value = Math.floor(value / 85)
    }
    text += length === 4 && signs === '!!!!!' ? 'z' : signs.slice(0, length + 1)
  }
  return text
}

/** Text that packs badly, so that cutting it off cuts the packed stream. */
function randomText(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(97 + (state % 26))
  }).join('')
}
