// Switches on the legend's headings: which layers are drawn.
"use strict";
lj.elements.layerSwitch = (self) => {
  const boxes = new Map();
  function refresh() {
    for (const [key, section] of self.legend.sections) {
      let box = boxes.get(key);
      if (!box) {
        box = lj.el("input", { type: "checkbox", id: `${self.id}-show-${key}` });
        const words = section.head.querySelector("span");
        const label = lj.el("label", { for: box.id });
        words.replaceWith(label);
        label.append(box, words);
        box.addEventListener("change", () => self.show(key, box.checked));
        boxes.set(key, box);
      }
      box.checked = self.layers.get(key).visible;
    }
  }
  for (const name of ["ready", "layers"]) self.on(name, refresh);
};
