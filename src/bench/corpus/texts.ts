/** Made-up texts that are no code: data, logs, documents, configuration. Each goes on for as long as it is asked. */
import type { Draw } from './draw.ts'

export function* json(draw: Draw): Generator<string> {
  yield '[\n'
  for (;;) {
    yield `  {\n    "id": "${draw.uuid()}",\n    "${draw.name()}": ${draw.int(0, 1e9)},\n    "createdAt": "${draw.time()}",\n`
    for (let i = draw.int(2, 9); i > 0; i--) yield `    "${draw.name()}": ${jsonValue(draw)},\n`
    yield `    "tags": ["${draw.word()}", "${draw.name('kebab')}"]\n  },\n`
  }
}

function jsonValue(draw: Draw): string {
  switch (draw.int(0, 6)) {
    case 0:
      return String(draw.int(0, 1e7) / 100)
    case 1:
      return draw.chance(0.5) ? 'true' : 'null'
    case 2:
      return `"${draw.url()}"`
    case 3:
      return `{ "${draw.word()}": "${draw.word()}", "${draw.name()}": [${draw.int(0, 9)}, ${draw.int(0, 999)}] }`
    case 4:
      return `"${draw.word()}@${draw.host()}"`
    default:
      return `"${draw.sentence()}"`
  }
}

export function* yaml(draw: Draw): Generator<string> {
  yield `apiVersion: v1\nkind: ${draw.name('pascal')}\nmetadata:\n  name: ${draw.name('kebab')}-${draw.hex(5)}\n`
  for (;;) {
    yield `${draw.name()}:\n`
    for (let i = draw.int(1, 6); i > 0; i--) {
      yield draw.choose([
        () => `  - name: ${draw.name('snake').toUpperCase()}\n    value: "${draw.word()}"\n`,
        () => `  ${draw.name()}: ${draw.int(0, 65_535)}\n`,
        () => `  image: ${draw.host()}/${draw.name('kebab')}@sha256:${draw.hex(64)}\n`,
        () => `  ${draw.name()}: ${draw.url()}\n`,
        () => `  # ${draw.sentence()}\n`,
        () => `  ${draw.name()}: \${${draw.name('snake').toUpperCase()}}\n`,
      ])
    }
  }
}

export function* logs(draw: Draw): Generator<string> {
  for (;;) {
    yield draw.choose([
      () =>
        `${draw.time()} INFO  [${draw.name('kebab')}-${draw.int(1, 64)}] request=${draw.uuid()} ${draw.sentence()} took ${draw.int(1, 9000)}ms\n`,
      () =>
        `${draw.address()} - - [${draw.time()}] "GET /${draw.word()}/${draw.int(1, 1e6)}?${draw.word()}=${draw.word()} HTTP/1.1" 200 ${draw.int(100, 90_000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"\n`,
      () =>
        `{"level":"info","time":${draw.int(1.6e9, 1.8e9)},"trace":"${draw.hex(32)}","msg":"${draw.sentence()}","${draw.name()}":${draw.int(0, 999)}}\n`,
      () =>
        `${draw.time()} DEBUG commit ${draw.hex(40)} ${draw.word()} ${draw.name('kebab')} -> ${draw.name('kebab')} (${draw.int(1, 99)} files)\n`,
      () =>
        `${draw.time()} ERROR ${draw.name('pascal')}Error: ${draw.sentence()}\n    at ${draw.name('pascal')}.${draw.name()} (/srv/${draw.word()}/${draw.name('kebab')}.js:${draw.int(1, 900)}:${draw.int(1, 80)})\n`,
    ])
  }
}

export function* minified(draw: Draw): Generator<string> {
  const short = () => draw.letter()
  for (;;) {
    yield `function ${short()}${short()}(${short()},${short()}){return ${short()}.${draw.name()}?${short()}(${short()},"${draw.name('kebab')}"):void 0}`
    yield `${short()}.${draw.name()}=function(e,t){var n=e.${draw.word()},r=${draw.int(0, 9999)};for(;n<r;n++)t.push({${draw.word()}:n,${draw.word()}:"${draw.word()}"})},`
    yield `__webpack_require__.d(t,{${draw.name()}:()=>${short()}${short()}});${draw.int(0, 1e5)}:(e,t,n)=>{"use strict";n.r(t);`
    if (draw.chance(0.05)) yield `const ${short()}="${draw.hex(20)}";/*! ${draw.sentence()} */`
  }
}

export function* csv(draw: Draw): Generator<string> {
  yield `id,${Array.from({ length: 6 }, () => draw.name('snake')).join(',')}\n`
  for (;;)
    yield `${draw.int(1, 1e9)},${draw.word()}@${draw.host()},"${draw.sentence()}",${draw.int(0, 1e6) / 100},${draw.time()},${draw.chance(0.3) ? draw.uuid() : draw.word()},${draw.int(0, 99)}\n`
}

export function* sqlDump(draw: Draw): Generator<string> {
  for (;;) {
    const table = draw.name('snake')
    yield `CREATE TABLE ${table} (\n  id bigint NOT NULL,\n  ${draw.name('snake')} text DEFAULT '${draw.word()}',\n  ${draw.name('snake')} timestamptz\n);\n`
    for (let i = draw.int(20, 400); i > 0; i--)
      yield `INSERT INTO ${table} VALUES (${draw.int(1, 1e9)}, '${draw.sentence()}', '${draw.time()}', '${draw.chance(0.2) ? draw.hex(32) : draw.name()}');\n`
  }
}

export function* markdown(draw: Draw): Generator<string> {
  yield `# ${draw.name('pascal')} ${draw.word()}\n\n`
  for (;;) {
    yield `## ${draw.word()} ${draw.word()} ${draw.name()}\n\n`
    for (let i = draw.int(1, 6); i > 0; i--)
      yield `${draw.sentence()} ${draw.sentence()} ${draw.sentence()}\n${draw.sentence()} See [${draw.word()}](${draw.url()}).\n\n`
    if (draw.chance(0.3)) yield `Größe, naïve, 数据: ${draw.sentence()}\n\n`
    if (draw.chance(0.4))
      yield `\`\`\`sh\n$ ${draw.word()} --${draw.name('kebab')} ${draw.int(1, 99)} --${draw.word()}=${draw.word()}\n\`\`\`\n\n`
  }
}

export function* lockFile(draw: Draw): Generator<string> {
  yield '{\n  "lockfileVersion": 3,\n  "packages": {\n'
  for (;;) {
    const version = `${draw.int(0, 20)}.${draw.int(0, 40)}.${draw.int(0, 20)}`
    yield `    "node_modules/${draw.name('kebab')}": {\n      "version": "${version}",\n`
    yield `      "integrity": "sha512-${draw.base64(64)}",\n      "dependencies": {\n        "${draw.name('kebab')}": "^${version}"\n      }\n    },\n`
  }
}

export function* config(draw: Draw): Generator<string> {
  for (;;) {
    yield draw.choose([
      () => `${draw.name('snake').toUpperCase()}=${draw.word()}\n`,
      () => `${draw.name('snake').toUpperCase()}=${draw.url()}\n`,
      () => `# ${draw.sentence()}\n`,
      () => `[${draw.word()}.${draw.name('kebab')}]\n`,
      () => `${draw.name('snake')} = ${draw.int(0, 65_535)}\n`,
      // Files of settings hold a password now and then, not on every seventh line.
      () => `${draw.word()}.${draw.chance(0.02) ? 'password=changeme' : `${draw.word()}=${draw.word()}`}\n`,
      () => `${draw.name('snake').toUpperCase()}=\${${draw.name('snake').toUpperCase()}:-}\n`,
    ])
  }
}

export function* webPage(draw: Draw): Generator<string> {
  yield `<!doctype html>\n<html lang="en"><head><title>${draw.sentence()}</title>\n`
  for (;;) {
    yield `<div class="${draw.name('kebab')} ${draw.name('kebab')}" id="${draw.name()}"><p>${draw.sentence()} ${draw.sentence()}</p></div>\n`
    yield `.${draw.name('kebab')}:hover { color: #${draw.hex(6)}; margin: ${draw.int(0, 40)}px; background: url(/${draw.word()}/${draw.hex(8)}.png) }\n`
    if (draw.chance(0.06))
      yield `<img alt="${draw.word()}" src="data:image/png;base64,iVBORw0KGgo${draw.base64(draw.int(300, 9000))}">\n`
  }
}
