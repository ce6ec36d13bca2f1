// The signature on a contract: <div class="signature" data-signature="id of the hidden field"><canvas></canvas></div>.
// The strokes are kept as an SVG data address, which prints sharp on the agreement.
import SignaturePad from "signature_pad";
import { followConditions } from "./modules/when.js";

function fit(canvas, pad) {
  if (canvas.offsetWidth === 0) return; // folded away until it is asked for
  const ratio = Math.max(window.devicePixelRatio, 1);
  const strokes = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(strokes);
}

function attach(place) {
  const canvas = place.querySelector("canvas");
  const field = document.getElementById(place.dataset.signature);
  const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3 });
  fit(canvas, pad);
  window.addEventListener("resize", () => fit(canvas, pad));
  document.addEventListener("change", () => fit(canvas, pad));
  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/svg+xml");
  });
  for (const button of document.querySelectorAll(`[data-clear="${place.id}"]`)) {
    button.addEventListener("click", () => {
      pad.clear();
      field.value = "";
    });
  }
}

followConditions(document);
for (const place of document.querySelectorAll("[data-signature]")) attach(place);
