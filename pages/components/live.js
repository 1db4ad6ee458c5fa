// One WebSocket for all listeners of a tab; each triggers its fragment when a kind it shows changed.
// At most one trigger in 400 ms for each listener, and none while the tab is hidden.

const PAUSE = 400
// Streamlit drops all but one of the triggers that several fragments send in one batch.
const APART = 60

function channel() {
  if (window.__omeLive) return window.__omeLive
  const shared = (window.__omeLive = { listeners: new Set(), free: 0 })
  const tell = (message) => shared.listeners.forEach((listener) => listener(message))
  const connect = (lost) => {
    const base = document.baseURI.replace(/^http/, "ws")
    const socket = new WebSocket(new URL("/api/v1/events", base))
    socket.onopen = () => lost && tell({ kinds: null, state: true })
    socket.onmessage = (event) => tell(JSON.parse(event.data))
    socket.onclose = () => setTimeout(() => connect(true), 1000)
  }
  connect(false)
  document.addEventListener("visibilitychange", () => document.hidden || tell({ kinds: [], state: false }))
  return shared
}

function concerns(wanted, message) {
  if (message.kinds === null || (wanted.state && message.state)) return true
  return message.kinds.some((kind) => wanted.kinds.includes(kind))
}

const mounted = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const shared = channel()
  const state = mounted.get(parentElement) ?? { due: false, timer: null, last: 0 }
  mounted.set(parentElement, state)

  const trigger = () => {
    state.timer = null
    if (!state.due || document.hidden) return
    const now = Date.now()
    if (now < shared.free) {
      state.timer = setTimeout(trigger, shared.free - now)
      shared.free += APART
      return
    }
    state.due = false
    state.last = now
    shared.free = now + APART
    state.send()
  }
  const schedule = () => {
    state.due = true
    if (state.timer === null) state.timer = setTimeout(trigger, Math.max(0, state.last + PAUSE - Date.now()))
  }
  state.send = () => setTriggerValue("changed", Date.now())
  state.wanted = data
  clearInterval(state.clock)
  if (data.every) state.clock = setInterval(schedule, data.every * 1000)

  if (!state.listener) {
    state.listener = (message) => {
      if (concerns(state.wanted, message)) schedule()
      else if (state.due && state.timer === null) trigger()
    }
    shared.listeners.add(state.listener)
  }
  return () => {
    shared.listeners.delete(state.listener)
    clearInterval(state.clock)
    clearTimeout(state.timer)
    mounted.delete(parentElement)
  }
}
