// One WebSocket for all listeners of a tab. It brings the newest version of each kind; a listener
// whose part was drawn from an older one triggers its fragment: at most once in 400 ms, again when
// nothing came of it, and not while the tab is hidden.

const PAUSE = 400
const PATIENCE = 4000
// A trigger that reaches Streamlit while a click on a link still waits there takes the click's place, and the
// page is lost. So listeners keep still while a script runs, and for a moment after anything the person does.
const CALM = 600
const SOON = 100
// Streamlit drops all but one of the triggers that several fragments send in one batch.
const APART = 60
// A lost connection is sought again after pauses that double from the first to the last.
const FIRST_PAUSE = 1000
const LAST_PAUSE = 15000

function channel() {
  if (window.__omeLive) return window.__omeLive
  const shared = (window.__omeLive = { listeners: new Set(), versions: {}, state: 0, free: 0, touched: 0 })
  const look = () => shared.listeners.forEach((listener) => listener())
  let pause = FIRST_PAUSE
  const connect = () => {
    // Pages stand side by side right under the console's base path, so a relative address is right on all of them.
    const base = document.baseURI.replace(/^http/, "ws")
    const socket = new WebSocket(new URL("api/v1/events", base))
    socket.onmessage = (event) => {
      pause = FIRST_PAUSE
      const news = JSON.parse(event.data)
      Object.assign(shared.versions, news.versions)
      shared.state = Math.max(shared.state, news.state)
      look()
    }
    socket.onclose = () => {
      // A console that was started anew counts from the beginning.
      shared.versions = {}
      shared.state = 0
      setTimeout(connect, pause)
      pause = Math.min(pause * 2, LAST_PAUSE)
    }
  }
  connect()
  document.addEventListener("visibilitychange", look)
  for (const act of ["pointerdown", "pointerup", "keydown", "popstate"]) {
    window.addEventListener(act, () => (shared.touched = Date.now()), { capture: true, passive: true })
  }
  // For the step back that history.py takes.
  window.addEventListener("popstate", () => (window.__omeWentBack = Date.now()), { capture: true })
  return shared
}

function busy(shared) {
  const app = document.querySelector("[data-testid=stApp]")
  return Date.now() - shared.touched < CALM || app?.dataset.testScriptState === "running"
}

const mounted = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const shared = channel()
  const own = mounted.get(parentElement) ?? { timer: null, last: 0 }
  mounted.set(parentElement, own)
  own.drawn = data

  const outdated = () =>
    own.due || shared.state > own.drawn.version || own.drawn.kinds.some((kind) => shared.versions[kind] > own.drawn.version)

  const trigger = () => {
    own.timer = null
    if (document.hidden || !outdated()) return
    if (busy(shared)) {
      own.timer = setTimeout(trigger, SOON)
      return
    }
    own.due = false
    own.last = Date.now()
    clearTimeout(own.again)
    own.again = setTimeout(look, PATIENCE)
    own.send()
  }
  const look = () => {
    if (own.timer !== null || document.hidden || !outdated()) return
    const now = Date.now()
    const at = Math.max(now, own.last + PAUSE, shared.free)
    shared.free = at + APART
    own.timer = setTimeout(trigger, at - now)
  }
  own.send = () => setTriggerValue("changed", Date.now())
  clearInterval(own.clock)
  if (data.every) {
    own.clock = setInterval(() => {
      own.due = true
      look()
    }, data.every * 1000)
  }
  if (own.listener) shared.listeners.delete(own.listener)
  own.listener = look
  shared.listeners.add(look)
  look()

  return () => {
    shared.listeners.delete(own.listener)
    clearInterval(own.clock)
    clearTimeout(own.timer)
    clearTimeout(own.again)
    mounted.delete(parentElement)
  }
}
