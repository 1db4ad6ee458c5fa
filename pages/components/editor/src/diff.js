// Two YAML texts against each other, to read: side by side or as one text with the changes in it.

import { yaml } from "@codemirror/lang-yaml"
import { MergeView, unifiedMergeView } from "@codemirror/merge"
import { EditorState } from "@codemirror/state"
import { EditorView, keymap, lineNumbers } from "@codemirror/view"
import { defaultKeymap } from "@codemirror/commands"
import { search, searchKeymap } from "@codemirror/search"
import { theme } from "./theme.js"

const FOLD = { margin: 3, minSize: 6 }
const CARE = { scanLimit: 5000, timeout: 300 } // ms; beyond it a difference is shown coarser

const drawn = new WeakMap()

/** The component: draws anew only where the texts or the way they are shown changed. */
export function drawDiff({ data, parentElement }) {
  const asked = JSON.stringify(data)
  const held = drawn.get(parentElement)
  if (held?.asked !== asked) {
    held?.view.destroy()
    parentElement.replaceChildren()
    drawn.set(parentElement, { asked, view: draw(data, parentElement) })
  }
  return () => {
    drawn.get(parentElement)?.view.destroy()
    drawn.delete(parentElement)
    parentElement.replaceChildren()
  }
}

function draw(data, root) {
  const parent = document.createElement("div")
  parent.style.cssText = `max-height:${data.height}px;overflow:auto;border:1px solid var(--st-border-color);border-radius:var(--st-base-radius)`
  root.append(parent)
  if (!data.side_by_side) {
    const merged = unifiedMergeView({
      original: data.before,
      mergeControls: false,
      highlightChanges: true,
      collapseUnchanged: FOLD,
      diffConfig: CARE,
    })
    const state = EditorState.create({ doc: data.after, extensions: [reading(data.labels[1]), merged] })
    return new EditorView({ state, parent, root })
  }
  heads(parent, data.labels)
  const [a, b] = [data.before, data.after].map((doc, at) => ({ doc, extensions: reading(data.labels[at]) }))
  return new MergeView({ a, b, parent, root, collapseUnchanged: FOLD, diffConfig: CARE, gutter: true })
}

function heads(parent, labels) {
  const row = document.createElement("div")
  row.style.cssText = "display:flex;font:600 13px var(--st-font);color:var(--st-gray-text-color);border-bottom:1px solid var(--st-border-color)"
  for (const label of labels) {
    const head = document.createElement("div")
    head.style.cssText = "flex:1;padding:0.25rem 0.6rem"
    head.textContent = label
    row.append(head)
  }
  parent.append(row)
}

const reading = (label) => [
  lineNumbers(),
  search({ top: true }),
  yaml(),
  theme,
  EditorView.lineWrapping,
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ "aria-label": label }),
  keymap.of([...defaultKeymap, ...searchKeymap]),
]
