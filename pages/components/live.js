// One WebSocket for all listeners of a tab; each triggers its fragment when a kind it shows changed.
// At most one trigger in 400 ms for each listener, and none while the tab is hidden.

const PAUSE = 400

function channel() {
  if (window.__omeLive) return window.__omeLive
  const shared = (window.__omeLive = { listeners: new Set() })
  const tell = (message) => shared.listeners.forEach((listener) => listener(message))
  const connect = (lost) => {
    const base = document.baseURI.replace(/^http/, "ws")
    const socket = new WebSocket(new URL("/api/v1/events", base))
    socket.onopen = () => lost && tell({ kinds: null })
    socket.onmessage = (event) => tell(JSON.parse(event.data))
    socket.onclose = () => setTimeout(() => connect(true), 1000)
  }
  connect(false)
  document.addEventListener("visibilitychange", () => document.hidden || tell({ kinds: [] }))
  return shared
}

function concerns(kinds, changed) {
  return changed === null || kinds.length === 0 || changed.some((kind) => kinds.includes(kind))
}

const mounted = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const state = mounted.get(parentElement) ?? { due: false, timer: null, last: 0 }
  mounted.set(parentElement, state)

  const trigger = () => {
    state.timer = null
    if (!state.due || document.hidden) return
    state.due = false
    state.last = Date.now()
    state.send()
  }
  const schedule = () => {
    state.due = true
    if (state.timer === null) state.timer = setTimeout(trigger, Math.max(0, state.last + PAUSE - Date.now()))
  }
  state.send = () => setTriggerValue("changed", Date.now())
  state.kinds = data.kinds
  clearInterval(state.clock)
  if (data.every) state.clock = setInterval(schedule, data.every * 1000)

  if (!state.listener) {
    state.listener = (message) => {
      const seen = message.kinds
      if (seen !== null && seen.length === 0) trigger()
      else if (concerns(state.kinds, seen)) schedule()
    }
    channel().listeners.add(state.listener)
  }
  return () => {
    channel().listeners.delete(state.listener)
    clearInterval(state.clock)
    clearTimeout(state.timer)
    mounted.delete(parentElement)
  }
}
