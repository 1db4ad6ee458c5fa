export { drawDiff } from "./diff.js"
export { drawEditor } from "./editor.js"
