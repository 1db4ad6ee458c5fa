// Every colour is one of Streamlit's theme variables, so that the editor follows light and dark by itself.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags } from "@lezer/highlight"

const mix = (name, percent) => `color-mix(in srgb, var(--st-${name}) ${percent}%, transparent)`
const panel = {
  backgroundColor: "var(--st-secondary-background-color)",
  color: "var(--st-text-color)",
  border: "1px solid var(--st-border-color)",
}

const look = EditorView.theme({
  "&": {
    color: "var(--st-text-color)",
    backgroundColor: "var(--st-background-color)",
    fontSize: "13px",
    height: "100%",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--st-code-font)", lineHeight: "1.45" },
  ".cm-content": { caretColor: "var(--st-text-color)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--st-text-color)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: mix("primary-color", 30),
  },
  ".cm-activeLine": { backgroundColor: mix("primary-color", 6) },
  ".cm-gutters": {
    backgroundColor: "var(--st-secondary-background-color)",
    color: "var(--st-gray-text-color)",
    borderRight: "1px solid var(--st-border-color)",
  },
  ".cm-activeLineGutter": { backgroundColor: mix("primary-color", 12) },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: mix("primary-color", 20) },
  ".cm-searchMatch": { backgroundColor: mix("orange-color", 30) },
  ".cm-searchMatch-selected": { backgroundColor: mix("orange-color", 55) },
  ".cm-panels": panel,
  ".cm-panels .cm-textfield": {
    backgroundColor: "var(--st-background-color)",
    border: "1px solid var(--st-border-color)",
  },
  ".cm-panels .cm-button": { ...panel, backgroundImage: "none" },
  ".cm-tooltip": { ...panel, borderRadius: "var(--st-base-radius)", maxWidth: "34rem", zIndex: "1000" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--st-code-font)", maxHeight: "15em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--st-primary-color)",
    color: "var(--st-background-color)",
  },
  ".cm-completionDetail": { opacity: "0.75" },
  ".cm-completionInfo": { padding: "0.5rem 0.7rem", maxWidth: "26rem" },
  ".cm-about": { padding: "0.5rem 0.7rem", fontFamily: "var(--st-font)", whiteSpace: "pre-line" },
  ".cm-about b": { fontFamily: "var(--st-code-font)" },
  ".cm-about p": { margin: "0.3rem 0 0" },
  ".cm-diagnostic": { fontFamily: "var(--st-font)", padding: "0.35rem 0.6rem" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--st-red-color)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--st-orange-color)" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px dotted var(--st-red-color)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px dotted var(--st-orange-color)" },
  ".cm-collapsedLines": {
    background: "var(--st-secondary-background-color)",
    color: "var(--st-gray-text-color)",
  },
  // The sign that the package draws there is missing in most fonts.
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: "'···'" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: mix("red-color", 13) },
  "&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: mix("green-color", 13) },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: mix("red-color", 35),
    textDecoration: "none",
  },
  "&.cm-merge-b .cm-changedText": { background: mix("green-color", 35) },
})

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--st-blue-text-color)" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--st-text-color)" },
  { tag: [tags.string], color: "var(--st-green-text-color)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--st-orange-text-color)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--st-gray-text-color)", fontStyle: "italic" },
  { tag: [tags.meta, tags.keyword, tags.typeName, tags.labelName], color: "var(--st-violet-text-color)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--st-gray-text-color)" },
])

export const theme = [look, syntaxHighlighting(colours)]
