// What a person sees and when, asked in every frame: the table from its canvas, as the text behind it
// comes a fifth of a second later. Asking from outside would add up to half a second of polling.
window.__seen = {
  until(look) {
    return new Promise((resolve) => {
      const again = () => {
        if (look()) resolve(performance.now())
        else requestAnimationFrame(again)
      }
      again()
    })
  },
  text(selector, wanted) {
    return this.until(() =>
      [...document.querySelectorAll(selector)].some((found) => found.textContent.trim() === wanted)
    )
  },
  rows() {
    return this.until(() => this.print() !== null)
  },
  print() {
    const canvas = document.querySelector("[data-testid=data-grid-canvas]")
    if (!canvas || !canvas.width || canvas.height < 100) return null
    const scale = window.devicePixelRatio
    const area = [240, 36, 180, 560].map((length) => length * scale) // names end and states stand here
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(...area).data.buffer)
    const colours = new Set()
    let hash = 0
    for (let at = 0; at < pixels.length; at += 1) {
      hash = (hash * 31 + pixels[at]) | 0
      if (at % 3 === 0) colours.add(pixels[at])
    }
    return colours.size > 8 ? hash : null
  },
  expectChange() {
    const before = this.print()
    const different = () => ![before, null].includes(this.print())
    this.expected = this.until(different)
  },
  expectText(selector, wanted) {
    const typed = new Promise((resolve) =>
      document.addEventListener("input", () => resolve(performance.now()), { once: true, capture: true })
    )
    const shown = this.text(selector, wanted)
    this.expected = Promise.all([typed, shown]).then(([from, to]) => to - from)
  },
}
