// What the tests call of the phone, as one module: the very files that the pages are built of.
export * as device from "../../tracker/frontend/src/phone/device.js";
export * as keys from "../../tracker/frontend/src/phone/keys.js";
export * as outbox from "../../tracker/frontend/src/phone/outbox.js";
export * as people from "../../tracker/frontend/src/phone/people.js";
export * as server from "../../tracker/frontend/src/phone/server.js";
export * as store from "../../tracker/frontend/src/phone/store.js";
export * as sync from "../../tracker/frontend/src/phone/sync.js";
export * as upload from "../../tracker/frontend/src/phone/upload.js";
