// The schemas of the kinds, each fetched once per tab, and how a path leads through one.

import { ITEM } from "./place.js"

// Pages stand side by side right under the console's base path, so a relative address is right on all of them.
const address = (name) => new URL(`api/v1/schemas${name}`, document.baseURI)
const asked = (window.__omeSchemas ??= new Map())

async function fetched(name) {
  const answer = await fetch(address(name))
  if (!answer.ok) throw new Error(`schema ${name}: ${answer.status}`)
  return answer.json()
}

function once(name) {
  if (!asked.has(name)) {
    const answer = fetched(name).catch(() => {
      // Completion is a convenience: without it one types. A console that was away is asked again later.
      if (asked.get(name) === answer) asked.delete(name)
      return null
    })
    asked.set(name, answer)
  }
  return asked.get(name)
}

/** The schema of a kind; null for a kind without one, and while the console does not answer. */
export const schemaOf = (kind) => (/^[A-Za-z]+$/.test(kind) ? once(`/${kind}`) : Promise.resolve(null))

/** Every kind that has a schema, with its apiVersion. */
export const kinds = async () => (await once(""))?.kinds ?? []

/** The schema at the end of a path; null where the path leaves what the schema knows. */
export function follow(schema, path) {
  let here = schema
  for (const step of path) {
    here = step === ITEM ? here?.items : (here?.properties?.[step] ?? mapped(here))
  }
  return here ?? null
}

const mapped = (schema) => (typeof schema?.additionalProperties === "object" ? schema.additionalProperties : null)

/** The type in words: "list of object", "map of string". */
export function typeOf(schema) {
  if (schema["x-kubernetes-int-or-string"]) return "integer or string"
  if (schema.items) return `list of ${typeOf(schema.items)}`
  if (mapped(schema)) return `map of ${typeOf(mapped(schema))}`
  return schema.type ?? "anything"
}

const value = (given) => (typeof given === "string" ? given : JSON.stringify(given))

/** What a person should know about a field: type, required, default, choices and its description. */
export function about(name, schema, required) {
  const facts = [typeOf(schema)]
  if (required) facts.push("required")
  if (schema.default !== undefined) facts.push(`default ${value(schema.default)}`)
  if (schema.enum) facts.push(`one of ${schema.enum.map(value).join(", ")}`)
  for (const [bound, words] of [["minimum", "at least"], ["maximum", "at most"], ["pattern", "matching"]]) {
    if (schema[bound] !== undefined) facts.push(`${words} ${schema[bound]}`)
  }
  const box = document.createElement("div")
  box.className = "cm-about"
  const head = document.createElement("div")
  const title = document.createElement("b")
  title.textContent = name
  head.append(title, ` ${facts.join(" · ")}`)
  box.append(head)
  if (schema.description) {
    const words = document.createElement("p")
    words.textContent = schema.description.length > 700 ? `${schema.description.slice(0, 700)}…` : schema.description
    box.append(words)
  }
  return box
}
