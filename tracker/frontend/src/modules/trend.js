// A line of the last readings, with the one being typed at its end, beside the field it belongs to.
const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [72, 24, 3];

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function line(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = (WIDTH - 2 * EDGE) / (values.length - 1);
  const place = (value, index) => [
    EDGE + index * step,
    HEIGHT - EDGE - (high === low ? 0.5 : (value - low) / (high - low)) * (HEIGHT - 2 * EDGE),
  ];
  const points = values.map(place);
  const [x, y] = points[points.length - 1];
  const svg = element("svg", { class: "trend", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  svg.append(
    element("polyline", { points: points.map((point) => point.map((n) => n.toFixed(1)).join()).join(" ") }),
    element("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: EDGE }),
  );
  return svg;
}

/** `readings`: the newest first, as the person carries them. */
export function showTrends(form, readings) {
  for (const place of form.querySelectorAll("[data-trend]")) {
    const field = document.getElementById(place.dataset.trend);
    const name = place.dataset.trend.split(".").pop();
    const before = readings
      .map((row) => row[name])
      .filter(Number.isFinite)
      .reverse();
    const draw = () => {
      const typed = Number(field.value);
      const values = field.value && typed > 0 ? [...before, typed] : before;
      place.replaceChildren(...(values.length > 1 ? [line(values)] : []));
    };
    field.addEventListener("change", draw);
    draw();
  }
}
