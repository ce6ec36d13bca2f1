// Reads a person's card with the camera: <button data-scan="id of the dialog" hidden>, shown where the browser can.
// Only addresses of this site's /c/… and bare codes are taken; the camera stops when the dialog closes or is hidden.
import { isCode, tidy } from "../domain/card.js";

const PAUSE = 150;

// The code in what was read, or nothing. `bases` are the addresses that this site goes by.
export function codeIn(text, bases) {
  let said = text.trim();
  if (/^https?:/i.test(said)) {
    const base = bases.map((one) => `${one.replace(/\/+$/, "")}/c/`).find((one) => said.startsWith(one));
    if (!base) return null;
    said = said.slice(base.length);
  }
  const code = tidy(said);
  return isCode(code) ? code : null;
}

export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  if (typeof HTMLDialogElement !== "function") return false;
  try {
    return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

class Scanner {
  constructor(dialog, found) {
    this.dialog = dialog;
    this.video = dialog.querySelector("video");
    this.words = dialog.querySelector("[role=status]");
    this.found = found;
    this.round = 0;
    dialog.addEventListener("close", () => this.stop());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    document.addEventListener("visibilitychange", () => document.hidden && dialog.open && dialog.close());
    window.addEventListener("pagehide", () => this.stop());
  }

  async start() {
    const round = ++this.round;
    this.words.textContent = this.dialog.dataset.ready;
    this.dialog.showModal();
    try {
      const camera = { video: { facingMode: { ideal: "environment" } }, audio: false };
      const stream = await navigator.mediaDevices.getUserMedia(camera);
      if (round !== this.round) return release(stream); // closed while permission was asked for
      this.video.srcObject = stream;
      await this.video.play();
      await this.look(round, new window.BarcodeDetector({ formats: ["qr_code"] }));
    } catch (error) {
      if (round !== this.round) return;
      this.stop();
      this.words.textContent = this.dialog.dataset[error.name === "NotAllowedError" ? "refused" : "broken"];
    }
  }

  async look(round, detector) {
    const bases = [location.origin, this.dialog.dataset.base];
    while (round === this.round) {
      const seen = await detector.detect(this.video);
      if (round !== this.round) return;
      const code = seen.map((one) => codeIn(one.rawValue, bases)).find(Boolean);
      if (code) {
        this.dialog.close();
        this.found(code);
        return;
      }
      if (seen.length) this.words.textContent = this.dialog.dataset.foreign;
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  }

  stop() {
    this.round++;
    if (this.video.srcObject) release(this.video.srcObject);
    this.video.srcObject = null;
  }
}

function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

export async function offerScan(root) {
  const buttons = [...root.querySelectorAll("[data-scan]")];
  if (!buttons.length || !(await canScan())) return;
  for (const button of buttons) {
    const dialog = document.getElementById(button.dataset.scan);
    const scanner = new Scanner(dialog, (code) => location.assign(`${dialog.dataset.find}/${code}`));
    button.hidden = false;
    button.addEventListener("click", () => scanner.start());
  }
}
