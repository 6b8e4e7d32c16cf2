// Signs as they are painted: fill, pattern, dash, symbol, donut. Reads style.spec() and nothing else.
"use strict";
lj.signs = (() => {
  const FONT = '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC",' +
    '"Microsoft YaHei",sans-serif';
  const cells = new Map();

  /** A tile of a sign's pattern on a transparent ground, in device pixels; null when it is solid. */
  function pattern(sign) {
    const name = `${sign.pattern} ${sign.ink}`;
    if (cells.has(name)) return cells.get(name);
    const size = 8, cell = document.createElement("canvas");
    cell.width = cell.height = size;
    const ctx = cell.getContext("2d");
    ctx.strokeStyle = ctx.fillStyle = sign.ink;
    ctx.globalAlpha = 0.6;
    ctx.lineWidth = 1;
    const line = (...p) => { ctx.beginPath(); ctx.moveTo(p[0], p[1]); ctx.lineTo(p[2], p[3]); ctx.stroke(); };
    const diagonals = { hatch: [0, 8, 8, 0, -2, 2, 2, -2, 6, 10, 10, 6],
                        back: [0, 0, 8, 8, -2, 6, 2, 10, 6, -2, 10, 2] };
    if (sign.pattern in diagonals || sign.pattern === "cross") {
      for (const kind of sign.pattern === "cross" ? ["hatch", "back"] : [sign.pattern]) {
        const d = diagonals[kind];
        for (let i = 0; i < d.length; i += 4) line(d[i], d[i + 1], d[i + 2], d[i + 3]);
      }
    } else if (sign.pattern === "lines") { line(0, 2, 8, 2); line(0, 6, 8, 6); }
    else if (sign.pattern === "dots") {
      for (const [x, y] of [[2, 2], [6, 6]]) {
        ctx.beginPath(); ctx.arc(x, y, 0.9, 0, 2 * Math.PI); ctx.fill();
      }
    } else { cells.set(name, null); return null; }
    cells.set(name, cell);
    return cell;
  }

  /** Fills and outlines the current path with a sign. */
  function fill(ctx, sign) {
    if (sign.opacity > 0) {
      ctx.globalAlpha = sign.opacity;
      ctx.fillStyle = sign.colour;
      ctx.fill();
      const cell = pattern(sign);
      if (cell) {
        ctx.globalAlpha = 0.75;
        ctx.fillStyle = ctx.createPattern(cell, "repeat");
        ctx.fill();
      }
    }
    stroke(ctx, sign);
  }

  /** Outlines the current path with a sign's ink and dash. */
  function stroke(ctx, sign, colour) {
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour || sign.ink;
    ctx.lineWidth = sign.width;
    ctx.setLineDash(sign.dash);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  const corners = {
    square: [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
    diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
    triangle: [[0, -1.15], [1.1, 0.8], [-1.1, 0.8]],
    bar: [[-1.2, -0.5], [1.2, -0.5], [1.2, 0.5], [-1.2, 0.5]],
    plus: [[-0.4, -1.15], [0.4, -1.15], [0.4, -0.4], [1.15, -0.4], [1.15, 0.4], [0.4, 0.4],
           [0.4, 1.15], [-0.4, 1.15], [-0.4, 0.4], [-1.15, 0.4], [-1.15, -0.4], [-0.4, -0.4]],
  };

  /** A point symbol of radius r at x, y. */
  function symbol(ctx, x, y, r, sign) {
    ctx.save();
    ctx.translate(x, y);
    if (sign.symbol === "cross") ctx.rotate(Math.PI / 4);
    const shape = corners[sign.symbol === "cross" ? "plus" : sign.symbol];
    ctx.beginPath();
    if (shape) {
      shape.forEach(([a, b], i) => (i ? ctx.lineTo(a * r, b * r) : ctx.moveTo(a * r, b * r)));
      ctx.closePath();
    } else ctx.arc(0, 0, r, 0, 2 * Math.PI);
    ctx.globalAlpha = 1;
    ctx.fillStyle = sign.symbol === "ring" ? "#ffffff" : sign.colour;
    ctx.strokeStyle = sign.symbol === "ring" ? sign.ink : "#ffffff";
    ctx.lineWidth = sign.symbol === "ring" ? 1.6 : 2.4;
    ctx.lineJoin = "round";
    ctx.stroke();
    ctx.fill();
    if (sign.symbol !== "ring") { ctx.lineWidth = 0.7; ctx.strokeStyle = sign.ink; ctx.stroke(); }
    ctx.restore();
  }

  /** The radius of a donut of n items, in pixels. */
  const donutRadius = (n) => Math.min(25, 10.5 + 1.6 * Math.log2(Math.max(1, n)));

  /** Counts by state as a ring in the legend's order, the total in its middle. */
  function donut(ctx, r, signs, props) {
    ctx.save();
    ctx.globalAlpha = 1;
    ctx.beginPath(); ctx.arc(0, 0, r + 1.5, 0, 2 * Math.PI);
    ctx.fillStyle = "#ffffff"; ctx.fill();
    let from = -Math.PI / 2;
    for (const sign of signs) {
      const share = (props[`n_${sign.key}`] || 0) / props.n;
      if (!share) continue;
      const to = from + share * 2 * Math.PI;
      ctx.beginPath(); ctx.arc(0, 0, r, from, to); ctx.arc(0, 0, r * 0.62, to, from, true);
      ctx.closePath();
      fill(ctx, { ...sign, opacity: 1, width: 0.6, dash: [] });
      from = to;
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = "#22303a";
    ctx.font = `600 ${r > 17 ? 12 : 10.5}px ${FONT}`;
    ctx.textAlign = "center"; ctx.textBaseline = "middle";
    ctx.fillText(String(props.n), 0, 0.5);
    ctx.restore();
  }

  /** A small picture of a sign for the legend. */
  function swatch(sign, shape) {
    const ratio = window.devicePixelRatio || 1, w = 22, h = 14;
    const made = lj.el("canvas", { className: "lj-swatch", "aria-hidden": "true" });
    made.width = w * ratio; made.height = h * ratio;
    const ctx = made.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.beginPath();
    if (shape === "point") symbol(ctx, w / 2, h / 2, 4.5, sign);
    else if (shape === "line" || (sign.pattern === "none" && sign.opacity === 0)) {
      ctx.moveTo(1, h / 2); ctx.lineTo(w - 1, h / 2);
      stroke(ctx, sign, shape === "line" ? sign.colour : null);
    } else { ctx.rect(1.5, 1.5, w - 3, h - 3); fill(ctx, { ...sign, width: Math.min(sign.width, 1.4) }); }
    return made;
  }
  return { FONT, fill, stroke, symbol, donut, donutRadius, swatch };
})();
