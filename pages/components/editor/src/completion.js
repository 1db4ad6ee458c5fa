// Names of fields, values to choose from, and what a field is for: from the schema of the document at the cursor.

import { startCompletion } from "@codemirror/autocomplete"
import { fieldOf, marksIn, namesBeside, pathTo, topLevel } from "./place.js"
import { about, follow, kinds, schemaOf, typeOf } from "./schema.js"

const TYPED_NAME = /^((?:\s|- )*)([\w./-]*)$/
const TYPED_VALUE = /^((?:\s|- )*)([\w./-]+):\s+(["']?)([\w./-]*)$/

/** The source of completions; `fallback` is the kind of a document that does not say its own. */
export const completions = (fallback) => async (context) => {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const rest = line.text.slice(context.pos - line.from)
  const value = TYPED_VALUE.exec(before)
  if (value) return valuesFor(context, line, value, fallback)
  const name = TYPED_NAME.exec(before)
  if (!name || /^\S/.test(rest)) return null
  if (!context.explicit && !name[2]) return null
  return namesFor(context, line, name, fallback)
}

async function schemaAt(doc, number, path, fallback) {
  const schema = await schemaOf(topLevel(doc, number, "kind") || fallback)
  return schema && follow(schema, path)
}

async function namesFor(context, line, [, begin, typed], fallback) {
  const { doc } = context.state
  const path = pathTo(doc, line.number, begin.length, marksIn(begin))
  if (!path) return null
  const schema = await schemaAt(doc, line.number, path, fallback)
  const from = context.pos - typed.length
  if (schema?.enum) return { from, options: schema.enum.map(choice), validFor: /^[\w./-]*$/ }
  const beside = namesBeside(doc, line.number, begin.length)
  const known = schema?.properties ?? (path.length ? {} : { apiVersion: {}, kind: {}, metadata: {} })
  const options = Object.entries(known)
    .filter(([name]) => !beside.has(name) && !(path.length === 0 && name === "status"))
    .map(([name, each]) => field(name, each, schema?.required?.includes(name), begin.length))
  return options.length && !context.aborted ? { from, options, validFor: /^[\w./-]*$/ } : null
}

function field(name, schema, required, column) {
  return {
    label: name,
    detail: required ? `${typeOf(schema)}, required` : typeOf(schema),
    type: "property",
    boost: required ? 10 : 0,
    info: () => about(name, schema, required),
    apply: (view, _, from, to) => insert(view, from, to, `${name}:${after(schema, column)}`, schema),
  }
}

/** What follows the colon: an object and a list go on in the next line, deeper. */
function after(schema, column) {
  const deeper = `\n${" ".repeat(column + 2)}`
  if (schema.items) return `${deeper}- `
  return schema.properties || schema.additionalProperties ? deeper : " "
}

function insert(view, from, to, text, schema) {
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length },
    userEvent: "input.complete",
    scrollIntoView: true,
  })
  if (schema.enum || schema.type === "boolean" || schema.properties) startCompletion(view)
}

async function valuesFor(context, line, [, begin, name, quote, typed], fallback) {
  const { doc } = context.state
  const path = pathTo(doc, line.number, begin.length, marksIn(begin))
  if (!path) return null
  const options = path.length === 0 && (name === "kind" || name === "apiVersion")
    ? await typeChoices(name, doc, line.number)
    : choices(await schemaAt(doc, line.number, [...path, name], fallback))
  if (!options.length || context.aborted) return null
  const from = context.pos - typed.length
  return { from, options: quote ? options.filter((each) => !each.bare) : options, validFor: /^[\w./-]*$/ }
}

async function typeChoices(name, doc, number) {
  const known = await kinds()
  if (name === "kind") return known.map((each) => choice(each.kind))
  const kind = topLevel(doc, number, "kind")
  const versions = known.filter((each) => !kind || each.kind === kind).map((each) => each.apiVersion)
  return [...new Set(versions)].map(choice)
}

function choices(schema) {
  if (schema?.enum) return schema.enum.map(choice)
  return schema?.type === "boolean" ? [choice(true), choice(false)] : []
}

const choice = (value) => ({ label: String(value), type: "enum", bare: typeof value !== "string" })

/** What the field under a position is for, as a hover tooltip. */
export const described = (fallback) => async (view, pos) => {
  const { doc } = view.state
  const line = doc.lineAt(pos)
  const found = fieldOf(line.text)
  const from = line.from + (found?.column ?? 0)
  if (!found || pos < from || pos > from + found.name.length) return null
  const path = pathTo(doc, line.number, found.column, found.marks)
  const parent = path && (await schemaAt(doc, line.number, path, fallback))
  const schema = parent && follow(parent, [found.name])
  if (!schema) return null
  const create = () => ({ dom: about(found.name, schema, parent.required?.includes(found.name)) })
  return { pos: from, end: from + found.name.length, above: true, create }
}
