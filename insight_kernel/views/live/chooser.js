// A list of names. While it is shown, keys pressed within its picture stay there: JupyterLab would take letters typed
// into a list for commands, and add or delete cells.
function render({ model, el }) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", "Select by name");
  select.style.cssText = "width: 100%; height: 28px; font: inherit";

  const show = () => {
    const names = ["Nothing selected", ...model.get("names")];
    select.replaceChildren(...names.map((name, number) => new Option(name, number)));
    mark();
  };
  const mark = () => {
    select.selectedIndex = (model.get("value") ?? -1) + 1;
  };
  select.addEventListener("change", () => {
    model.set("value", select.selectedIndex ? select.selectedIndex - 1 : null);
    model.save_changes();
  });
  model.on("change:names", show);
  model.on("change:value", mark);
  show();
  el.replaceChildren(select);

  const keep = (event) => {
    event.target.dataset.lmSuppressShortcuts = "true"; // what JupyterLab looks for on the very element that has the focus
  };
  let waiting = requestAnimationFrame(function guard() {
    const frame = el.closest(".insight-live");
    if (frame) frame.addEventListener("focusin", keep);
    else waiting = requestAnimationFrame(guard);
  });
  return () => {
    cancelAnimationFrame(waiting);
    model.off("change:names", show);
    model.off("change:value", mark);
  };
}

export default { render };
