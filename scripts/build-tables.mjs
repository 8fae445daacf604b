/** Writes the tables of the gate for the built-in detectors beside the gate, so that a scan need not work them out. */
import { writeFileSync } from 'node:fs'
import { detectors } from '../dist/detectors/index.js'
import { compileDetector } from '../dist/src/scan/compile.js'
import { planGate } from '../dist/src/scan/gate-plan.js'
import { tablesFile } from '../dist/src/scan/ready-tables.js'

const compiled = detectors.map(compileDetector)
const file = tablesFile({ compiled, plan: planGate(compiled) })
writeFileSync(new URL('../dist/src/scan/wasm/gate-tables.bin', import.meta.url), file)
