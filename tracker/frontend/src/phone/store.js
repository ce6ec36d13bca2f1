// What the phone keeps, in IndexedDB. A write is done only when it lies on the disk: browsers do not wait for that unasked.
import { openDB } from "idb";

const NAME = "tracker";
const VERSION = 1;
const STRICT = { durability: "strict" };

/** meta: single values by name · people, drafts: encrypted records by id · outbox: what is to be sent, and was. */
const STORES = ["meta", "people", "drafts", "outbox"];

let opening;

function database() {
  opening ??= open(VERSION)
    .catch((error) => {
      // A newer release has been here, and this page is older: stores are only ever added, so it goes on with them.
      if (error.name === "VersionError") return open();
      throw error;
    })
    .catch((error) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

function open(version) {
  return openDB(NAME, version, {
    upgrade(db) {
      for (const name of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
    },
    // A newer page in another tab changes the structure: let it, and open anew when something is needed.
    blocking: (_current, _blocked, event) => {
      event.target.close();
      opening = undefined;
    },
    terminated: () => {
      opening = undefined;
    },
  });
}

/** Begin something in the database; once more where it was closed for a newer page at this very moment. */
async function begin(work) {
  const db = await database();
  try {
    return await work(db);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    opening = undefined;
    return work(await database());
  }
}

export const get = (store, key) => begin((db) => db.get(store, key));

export const values = (store) => begin((db) => db.getAll(store));

export const keys = (store) => begin((db) => db.getAllKeys(store));

/** One transaction over the stores; `change` gets them by name and must await nothing but their requests. */
export async function transact(stores, change) {
  const transaction = await begin((db) => db.transaction(stores, "readwrite", STRICT));
  const opened = Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)]));
  let result;
  try {
    result = await change(opened);
  } catch (error) {
    transaction.done.catch(() => {}); // the error itself is what the caller hears
    const broken = transaction.error; // why the browser itself broke it off, if it did
    abort(transaction);
    throw broken ?? error;
  }
  await transaction.done;
  return result;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it has ended by itself
  }
}

export function put(store, key, value) {
  return transact([store], (opened) => opened[store].put(value, key));
}

export function remove(store, key) {
  return transact([store], (opened) => opened[store].delete(key));
}
