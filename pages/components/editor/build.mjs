// Builds editor.js from src/ and writes NOTICE, the licences of what is in it.
// The first line of editor.js names the sources it was built from; tests/pages compares that with src/.

import { createHash } from "node:crypto"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = dirname(fileURLToPath(import.meta.url))
const read = (...path) => readFileSync(join(here, ...path), "utf8")

function sources() {
  const hash = createHash("sha256")
  const names = readdirSync(join(here, "src")).sort().map((name) => join("src", name))
  for (const name of ["build.mjs", "package.json", "package-lock.json", ...names]) hash.update(read(name))
  return hash.digest("hex")
}

const packageOf = (path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]

function notice(inputs) {
  const names = [...new Set(Object.keys(inputs).map(packageOf).filter(Boolean))].sort()
  const parts = names.map((name) => {
    const { version, license } = JSON.parse(read("node_modules", name, "package.json"))
    return `${name} ${version} (${license})\n\n${licence(name).trim()}\n`
  })
  return ["editor.js contains these packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`)
}

function licence(name) {
  const file = readdirSync(join(here, "node_modules", name)).find((each) => /^licen[cs]e/i.test(each))
  if (!file) throw new Error(`${name} has no licence file`)
  return read("node_modules", name, file)
}

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.js"],
  outfile: "editor.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: { js: `// sources ${sources()}` },
})
writeFileSync(join(here, "NOTICE"), notice(metafile.outputs["editor.js"].inputs))
