// The YAML editor. Its text belongs to the person: Python gives it once, when the editor begins, and hears of
// every change; only a new key brings a new text.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { yaml } from "@codemirror/lang-yaml"
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentService, indentUnit } from "@codemirror/language"
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view"
import { vim } from "@replit/codemirror-vim"
import { completions, described } from "./completion.js"
import { columnBelow } from "./place.js"
import { theme } from "./theme.js"

const PAUSE = 250 // ms without a keystroke until the text is sent
const KEPT = 2000 // ms that the state of an editor outlives it: Streamlit may move it elsewhere on the page

const drawn = new WeakMap()
const left = new Map()

/** The component: draws the editor once, later runs bring new marks. */
export function drawEditor(component) {
  const own = drawn.get(component.parentElement) ?? begin(component)
  own.tell = (text) => component.setStateValue("text", text)
  own.keep = component.data.keep
  own.mark(component.data.marks)
  return () => end(component, own)
}

function begin({ data, key, parentElement }) {
  const box = document.createElement("div")
  box.style.cssText = `height:${data.height}px;border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);overflow:hidden`
  const notice = document.createElement("div")
  notice.setAttribute("role", "alert")
  notice.style.cssText = "color:var(--st-red-text-color);font-family:var(--st-font);font-size:13px"
  parentElement.append(box, notice)

  const own = { sent: null, timer: null }
  const text = (state) => state.sliceDoc().toWellFormed()
  own.flush = () => {
    clearTimeout(own.timer)
    own.timer = null
    const held = text(own.view.state)
    if (held === own.sent) return
    own.sent = held
    // Kept in the browser first: the console may be out of reach just now.
    if (own.keep) window.__omeDrafts?.note(own.keep.id, own.keep.base, held)
    own.tell(held)
  }
  const changed = () => {
    clearTimeout(own.timer)
    own.timer = setTimeout(own.flush, PAUSE)
  }
  own.state = left.get(key)?.state
  left.delete(key)
  own.view = new EditorView({
    state: own.state ?? EditorState.create({ doc: data.text, extensions: extensions(data, own, changed, notice) }),
    parent: box,
    root: parentElement,
  })
  own.sent = text(own.view.state)
  own.mark = marker(own)
  own.away = () => document.visibilityState === "hidden" && own.timer !== null && own.flush()
  document.addEventListener("visibilitychange", own.away)
  window.addEventListener("pagehide", own.flush)
  if (data.keep?.changed) window.__omeDrafts?.note(data.keep.id, data.keep.base, own.sent)
  drawn.set(parentElement, own)
  return own
}

function end({ key, parentElement }, own) {
  if (own.timer !== null) own.flush()
  document.removeEventListener("visibilitychange", own.away)
  window.removeEventListener("pagehide", own.flush)
  left.set(key, { state: own.view.state })
  setTimeout(() => left.delete(key), KEPT)
  own.view.destroy()
  drawn.delete(parentElement)
  parentElement.replaceChildren()
}

function extensions(data, own, changed, notice) {
  return [
    data.bindings === "vim" ? vim() : [],
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    foldGutter(),
    lintGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    indentService.of(indentation),
    EditorState.tabSize.of(2),
    ownLineEnds(data.text),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [completions(data.kind)], icons: false }),
    hoverTooltip(described(data.kind)),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    tooltips({ position: "fixed" }),
    yaml(),
    theme,
    EditorView.lineWrapping,
    EditorState.readOnly.of(data.read_only),
    EditorView.contentAttributes.of({
      "aria-label": data.label,
      "aria-description": "Tab leaves the editor. Control and ] indents, Control and Space completes.",
    }),
    atMost(data.most, notice),
    EditorView.updateListener.of((update) => update.docChanged && changed()),
    // A click on a button takes the focus first: what was typed just now must be there before the click is.
    EditorView.domEventHandlers({ blur: () => void (own.timer !== null && own.flush()) }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
  ]
}

/** How far a new line is indented: as the line above it goes on. A whole text that is indented anew follows its syntax. */
function indentation(context, at) {
  const { simulatedBreak: cut, state } = context
  if (cut === undefined || cut === null) return undefined
  const line = state.doc.lineAt(at)
  return columnBelow(state.sliceDoc(line.from, Math.min(cut, line.to)))
}

/** A text that has carriage returns keeps them. */
function ownLineEnds(text) {
  if (!text.includes("\r")) return []
  return EditorState.lineSeparator.of(/(^|[^\r])\n|\r(?!\n)/.test(text) ? "\n" : "\r\n")
}

/** Refuse a change that makes the text larger than the console reads, and say so. */
function atMost(most, notice) {
  const megabytes = (length) => `${(length / 1e6).toFixed(1)} MB`
  return EditorState.changeFilter.of((change) => {
    const { length } = change.newDoc
    const fits = length <= most || length <= change.startState.doc.length
    notice.textContent = fits
      ? ""
      : `The text would grow to ${megabytes(length)}; this editor takes ${megabytes(most)}. Nothing was changed.`
    return fits
  })
}

/** Show problems at their lines; the same ones again leave an open tooltip alone. */
function marker(own) {
  let last = null
  return (marks) => {
    const asked = JSON.stringify(marks)
    const { doc } = own.view.state
    if (last && last.asked === asked && last.doc.eq(doc)) return
    last = { asked, doc }
    const found = marks.filter((each) => each.line <= doc.lines).map((each) => {
      const line = doc.line(each.line)
      const from = line.from + Math.max(line.text.search(/\S/), 0)
      return { from, to: line.to, severity: each.severity, message: each.text }
    })
    own.view.dispatch(setDiagnostics(own.view.state, found))
  }
}
