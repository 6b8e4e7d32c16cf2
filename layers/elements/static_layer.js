// A layer whose items lie in the page itself: a file that opens without a network.
"use strict";
lj.elements.staticLayer = (self, { def, visible, levels }) => {
  if (!self.painter) lj.painter.make(self);
  self.register(def, visible, lj.memory.make(def, levels).view());
};
