// Keeps drafts in the browser: bounded in number, size and age, never a Secret. A browser that refuses to keep
// anything, or has no room left, changes nothing else. Also keeps the chosen editor, as a cookie.

const MOST_DRAFTS = 20
const MOST_LETTERS = 1_000_000
const OLDEST = 14 * 24 * 3600 * 1000
const PREFIX = `ome-draft:${new URL(".", document.baseURI).pathname}:`
// Values may be typed before the kind is, so a Secret's sections are as telling.
const SECRET = /(^|[\s{,])["']?kind["']?\s*:\s*(&\S+\s+)?["']?Secret\b|(^|[{,])[ ]*["']?(stringData|data)["']?\s*:/m

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1
  return byte >>> 0
})

/** As Python's fingerprint: CRC-32 and length in UTF-8. */
function fingerprint(text) {
  const bytes = new TextEncoder().encode(text)
  let sum = 0xffffffff
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8)
  return `${((sum ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0")}-${bytes.length}`
}

function quietly(act) {
  try {
    return act()
  } catch {
    return null
  }
}

function read(name) {
  const held = quietly(() => JSON.parse(localStorage.getItem(name)))
  return typeof held?.text === "string" && Date.now() - held.at < OLDEST ? held : null
}

/** All drafts, the newest first; what is too old, or no draft, is removed on the way. */
function names() {
  const all = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
  const kept = all.map((name) => [name, read(name)])
  kept.filter(([, held]) => !held).forEach(([name]) => localStorage.removeItem(name))
  return kept.filter(([, held]) => held).sort((a, b) => b[1].at - a[1].at).map(([name]) => name)
}

function write(name, text, base) {
  const held = read(name)
  if (held?.text === text && held.base === base) return // its time stays the time it was typed
  const value = JSON.stringify({ text, base, at: Date.now() })
  const others = names().filter((each) => each !== name)
  others.slice(MOST_DRAFTS - 1).forEach((each) => localStorage.removeItem(each))
  for (;;) {
    try {
      localStorage.setItem(name, value)
      return
    } catch {
      const oldest = others.pop()
      if (oldest === undefined) return
      localStorage.removeItem(oldest)
    }
  }
}

function note(id, base, text) {
  const name = PREFIX + id
  const kept = text.length <= MOST_LETTERS && !SECRET.test(text) && fingerprint(text) !== base
  quietly(() => (kept ? write(name, text, base) : localStorage.removeItem(name)))
}

function words(at) {
  const then = new Date(at)
  const time = then.toTimeString().slice(0, 5)
  const two = (number) => String(number).padStart(2, "0")
  const day = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`
  return then.toDateString() === new Date().toDateString() ? time : `${day} ${time}`
}

const drafts = (window.__omeDrafts ??= { note, done: new Set() })

function first(mark, act) {
  if (!mark || drafts.done.has(mark)) return
  drafts.done.add(mark)
  act()
}

export default function ({ data, setStateValue }) {
  for (const { mark, id } of data.forget ?? []) {
    first(mark, () => quietly(() => localStorage.removeItem(PREFIX + id)))
  }
  const { keep, ask } = data
  first(ask, () => {
    const held = read(PREFIX + keep.id)
    if (held) setStateValue("found", { ask, text: held.text, base: held.base, at: words(held.at) })
  })
  if (keep && typeof data.text === "string") note(keep.id, keep.base, data.text)
  if (keep && data.listen) listen(data.listen, keep)
  if (data.choice) {
    const path = new URL(".", document.baseURI).pathname
    document.cookie = `ome_editor=${data.choice};path=${path};max-age=31536000;samesite=lax`
  }
}

/** A text area tells Streamlit of its text only when it is left; what stands in it is kept before that. */
function listen(key, keep) {
  drafts.areas ??= new Map()
  drafts.areas.set(key, keep)
  if (drafts.listening) return
  drafts.listening = true
  document.addEventListener("input", ({ target }) => {
    for (const [name, { id, base }] of drafts.areas) {
      if (target.matches?.(`.st-key-${CSS.escape(name)} textarea`)) note(id, base, target.value)
    }
  })
}
