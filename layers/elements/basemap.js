// The raster base map that an administrator configured; nothing is asked of anybody else.
"use strict";
lj.elements.basemap = (self, { url, maxZoom }) => {
  L.tileLayer(url, { maxNativeZoom: maxZoom, maxZoom: self.options.maxZoom, zIndex: 0, className: "lj-base" })
    .addTo(self.map);
};
