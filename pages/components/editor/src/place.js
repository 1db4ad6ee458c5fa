// Where in a YAML text a position stands, by indentation alone: a text being typed is seldom whole.
// A path is a list of field names; ITEM stands for an item of a list.

export const ITEM = "[]"

const FIELD = /^((?:\s|- )*)(?:"([^"]*)"|'([^']*)'|([^\s#:'"{[&*!|>%@,][^:]*?))\s*:(?=\s|$)/
const SEPARATOR = /^---(\s|$)/
const BLOCK = /:\s+(?:[&!]\S+\s+)*[|>][-+\d]*\s*(#.*)?$/

/** The first and last line of the document that a line belongs to. */
export function documentAround(doc, number) {
  let first = number
  while (first > 1 && !SEPARATOR.test(doc.line(first).text)) first--
  let last = number
  while (last < doc.lines && !SEPARATOR.test(doc.line(last + 1).text)) last++
  return { first, last }
}

/** The value of a field that stands at the left edge of the document; "" without one. */
export function topLevel(doc, number, name) {
  const { first, last } = documentAround(doc, number)
  for (let each = first; each <= last; each++) {
    const line = doc.line(each).text
    if (line.startsWith(`${name}:`)) return line.slice(name.length + 1).replace(/#.*/, "").trim().replace(/^["']|["']$/g, "")
  }
  return ""
}

/** The field a line names, and the columns of the list marks before it; null for any other line. */
export function fieldOf(line) {
  const found = FIELD.exec(line)
  if (!found) return null
  return { name: found[2] ?? found[3] ?? found[4], column: found[1].length, marks: marksIn(found[1]) }
}

/** The columns of the `- ` at the beginning of a line. */
export function marksIn(line) {
  const begin = /^(?:\s|- |-$)*/.exec(line)[0]
  return [...begin.matchAll(/-/g)].map((each) => each.index)
}

/** The column a person goes on at, in the line below: deeper under a field without a value, else beside it. */
export function columnBelow(line) {
  const field = fieldOf(line)
  if (!field) return marksIn(line).at(-1) ?? line.search(/\S|$/)
  const open = /:\s*(#.*)?$/.test(line) || BLOCK.test(line)
  return field.column + (open ? 2 : 0)
}

/** The path of the mapping that a field at this column belongs to; null inside of a block of text. */
export function pathTo(doc, number, column, ownMarks) {
  const { first } = documentAround(doc, number)
  const path = []
  let limit = column
  let listed = false
  const mark = (at) => {
    if (at >= limit) return
    path.unshift(ITEM)
    limit = at
    listed = true
  }
  ;[...ownMarks].reverse().forEach(mark)
  for (let each = number - 1; each >= first && (limit > 0 || listed); each--) {
    const text = doc.line(each).text
    if (/^\s*(#|$)/.test(text) || SEPARATOR.test(text)) continue
    const field = fieldOf(text)
    if (field && (field.column < limit || (listed && field.column === limit && !field.marks.length))) {
      if (BLOCK.test(text)) return null
      path.unshift(field.name)
      limit = field.column
      listed = false
    }
    ;(field?.marks ?? marksIn(text)).reverse().forEach(mark)
  }
  return path
}

/** The names that stand beside a field at this column already. */
export function namesBeside(doc, number, column) {
  const { first, last } = documentAround(doc, number)
  const names = new Set()
  const look = (step, end) => {
    for (let each = number + step; each !== end; each += step) {
      const text = doc.line(each).text
      if (/^\s*(#|$)/.test(text)) continue
      const field = fieldOf(text)
      const begin = field?.column ?? text.search(/\S/)
      const item = field?.marks.some((at) => at < column) && begin === column
      if (begin < column || (item && step > 0)) return
      if (field && begin === column) names.add(field.name)
      if (item) return
    }
  }
  look(1, last + 1)
  if (marksIn(doc.line(number).text).length === 0) look(-1, first - 1)
  return names
}
