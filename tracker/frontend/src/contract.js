// The signature on a contract: <div class="signature" data-signature="id of the hidden field"><canvas></canvas></div>.
// The strokes are kept as an SVG data address, which prints sharp on the agreement.
import SignaturePad from "signature_pad";
import { followConditions } from "./modules/when.js";

function fit(canvas, pad, shown) {
  if (canvas.offsetWidth === 0) return; // folded away until it is asked for
  const ratio = Math.max(window.devicePixelRatio, 1);
  const strokes = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(strokes);
  if (shown) pad.fromDataURL(shown, { ratio, width: canvas.offsetWidth, height: canvas.offsetHeight });
}

function attach(place) {
  const canvas = place.querySelector("canvas");
  const field = document.getElementById(place.dataset.signature);
  const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3 });
  let shown = null; // a signature that was given before; the next stroke begins another one
  const again = () => fit(canvas, pad, shown);
  again();
  window.addEventListener("resize", again);
  document.addEventListener("change", again);
  place.addEventListener("shown", ({ detail }) => {
    shown = field.value = detail;
    again();
  });
  const wipe = () => {
    pad.clear();
    shown = null;
  };
  pad.addEventListener("beginStroke", () => shown && wipe());
  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/svg+xml");
  });
  for (const button of document.querySelectorAll(`[data-clear="${place.id}"]`)) {
    button.addEventListener("click", () => {
      wipe();
      field.value = "";
    });
  }
}

function dress() {
  followConditions(document.getElementById("main"));
  for (const place of document.querySelectorAll("[data-signature]")) attach(place);
}

dress();
document.addEventListener("answered", dress);
