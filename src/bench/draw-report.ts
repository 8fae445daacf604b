/** A bench report as a table for people: times with bars, then each budget with its verdict. */
import { type Cell, drawTable } from '../cli/render.ts'
import { formatBytes } from '../cli/terminal-text.ts'
import type { BenchReport, BenchResult, Row, Verdict } from './report.ts'

export interface DrawOptions {
  width: number
  color: boolean
  /** Bars only where they can be seen. */
  bars: boolean
}

const barLength = 24
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

export function drawReport(report: BenchReport, options: DrawOptions): string {
  const { machine } = report
  const versions = Object.values(machine.versions).map((version) => `, ${version}`)
  const head = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${versions.join('')}\n`
  return [head, ...report.results.map((result) => drawResult(result, options))].join('\n')
}

function drawResult(result: BenchResult, options: DrawOptions): string {
  const longest = Math.max(...result.rows.map(({ seconds }) => seconds))
  const table = drawTable(
    ['', 'TIME', 'SPEED', 'CPU', 'MEMORY', options.bars ? 'SHORTER IS BETTER' : ''],
    result.rows.map((row) => rowCells(row, options.bars ? bar(row.seconds / longest) : '')),
    options,
  )
  const verdicts = drawTable(
    ['BUDGET', 'MEASURED', 'ASKED', 'VERDICT'],
    result.verdicts.map(verdictCells),
    options,
  )
  const notes = result.notes.map((note) => `note: ${note}\n`).join('')
  return `${result.bench}: ${result.over}\n\n${table}\n${verdicts}${stages(result)}${notes}`
}

function rowCells(row: Row, drawn: string): Cell[] {
  const speed = row.bytes === null ? '' : `${formatBytes(row.bytes / row.seconds)}/s`
  const texts = [
    row.name,
    formatSeconds(row.seconds),
    speed,
    row.cpu_seconds === null ? '' : formatSeconds(row.cpu_seconds),
    row.peak_bytes === null ? '' : formatBytes(row.peak_bytes),
    drawn,
  ]
  return texts.map((text) => ({ lines: [text], ...(row.ours ? { style: 'bold' as const } : {}) }))
}

function verdictCells(verdict: Verdict): Cell[] {
  const aim = verdict.aim === null ? '' : `, aim ${formatValue(verdict.aim, verdict.unit)}`
  const asked = `at ${verdict.bound} ${formatValue(verdict.budget, verdict.unit)}${aim}`
  return [
    { lines: [verdict.what] },
    { lines: [formatValue(verdict.value, verdict.unit)] },
    { lines: [asked] },
    { lines: [verdict.pass ? 'within' : 'OVER'], style: verdict.pass ? 'green' : 'red' },
  ]
}

function formatValue(value: number, unit: Verdict['unit']): string {
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'seconds') return formatSeconds(value)
  return unit === 'times' ? `${value.toFixed(2)}×` : String(value)
}

function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`
}

function stages(result: BenchResult): string {
  const seconds = result.details['stage_seconds']
  if (seconds === null || typeof seconds !== 'object') return ''
  const parts = Object.entries(seconds).map(([stage, spent]) => `${stage} ${Number(spent).toFixed(3)} s`)
  return `by stage (timed in a run of its own): ${parts.join(', ')}\n`
}

function bar(share: number): string {
  const length = Math.max(0, Math.min(1, share)) * barLength
  return '█'.repeat(Math.floor(length)) + (eighths[Math.floor((length % 1) * 8)] ?? '')
}
