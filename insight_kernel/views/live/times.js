// Shows a drawn timeline, says which event was clicked and which part of time is asked for. It draws nothing itself:
// the kernel answers with the next sheet.
const SVG = "http://www.w3.org/2000/svg";
const KEYS = { ArrowLeft: [-0.15, 1], ArrowRight: [0.15, 1], "+": [0, 0.6], "-": [0, 1 / 0.6] };

function render({ model, el }) {
  el.tabIndex = 0;
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", "Timeline; left and right keys move, plus and minus zoom, Home shows all");
  el.style.cursor = "grab";
  el.style.touchAction = "pan-y";
  let wanted = null, timer = null, grabbed = null;

  const ask = (low, high) => {
    wanted = [low, high];
    timer ??= setTimeout(() => {
      timer = null;
      model.set("span", wanted);
      model.save_changes();
    }, 90);
  };
  const span = () => wanted ?? model.get("span");
  const part = (event) => {
    const [left, right] = model.get("axis"), svg = el.querySelector("svg");
    const x = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
    return (x - left) / (right - left);
  };
  const change = (moved, factor, at = 0.5) => {
    const [low, high] = span(), wide = high - low;
    const from = low + moved * wide + at * wide * (1 - factor);
    ask(from, from + wide * factor);
  };
  const choose = (number) => {
    model.set("chosen", number);
    model.save_changes();
  };

  const mark = () => {
    for (const hit of el.querySelectorAll("[data-event]")) {
      const chosen = Number(hit.dataset.event) === model.get("chosen");
      hit.setAttribute("stroke", chosen ? "#c2410c" : "none");
      hit.setAttribute("aria-pressed", String(chosen));
    }
  };
  const show = () => {
    const focused = document.activeElement?.closest?.("[data-event]")?.dataset.event;
    const parsed = new DOMParser().parseFromString(model.get("svg"), "image/svg+xml").documentElement;
    parsed.setAttribute("width", "100%");
    parsed.removeAttribute("height");
    parsed.removeAttribute("role"); // its parts can be reached; an image would hide them
    parsed.style.maxWidth = "1100px";
    parsed.style.userSelect = "none";
    for (const [number, x, y, width, height, name] of model.get("hits")) {
      const hit = document.createElementNS(SVG, "rect"), title = document.createElementNS(SVG, "title");
      title.textContent = name;
      hit.append(title);
      const named = { x, y, width, height, rx: 3, fill: "transparent", role: "button", tabindex: 0 };
      for (const [key, value] of Object.entries(named)) hit.setAttribute(key, value);
      hit.setAttribute("aria-label", name);
      hit.dataset.event = number;
      hit.style.cursor = "pointer";
      parsed.append(hit);
    }
    el.replaceChildren(document.importNode(parsed, true));
    mark();
    if (focused !== undefined) el.querySelector(`[data-event="${focused}"]`)?.focus({ preventScroll: true });
    if (timer === null) wanted = null;
  };

  el.addEventListener("wheel", (event) => {
    if (el.scrollHeight > el.clientHeight && !event.ctrlKey) return; // what does not fit must be scrolled
    event.preventDefault();
    change(0, Math.exp(Math.sign(event.deltaY) * 0.25), Math.min(1, Math.max(0, part(event))));
  }, { passive: false });
  el.addEventListener("pointerdown", (event) => {
    grabbed = { at: part(event), span: span(), moved: false };
  });
  el.addEventListener("pointermove", (event) => {
    if (!grabbed || !event.buttons) return;
    const moved = part(event) - grabbed.at, [low, high] = grabbed.span;
    if (Math.abs(moved) < 0.01 && !grabbed.moved) return;
    grabbed.moved = true;
    ask(low - moved * (high - low), high - moved * (high - low));
  });
  el.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-event]"), dragged = grabbed?.moved;
    grabbed = null;
    if (!dragged) choose(hit ? Number(hit.dataset.event) : null);
  });
  el.addEventListener("keydown", (event) => {
    const hit = event.target.closest("[data-event]");
    if (hit && (event.key === "Enter" || event.key === " ")) choose(Number(hit.dataset.event));
    else if (event.key === "Home") ask(-1e9, 1e9);
    else if (event.key in KEYS) change(...KEYS[event.key]);
    else return;
    event.preventDefault();
  });
  model.on("change:svg", show);
  model.on("change:chosen", mark);
  show();
}

export default { render };
