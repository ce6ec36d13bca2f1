// What the phone keeps, in IndexedDB. A write is done only when it lies on the disk: browsers do not wait for that unasked.
import { openDB } from "idb";

const NAME = "tracker";
const VERSION = 1;
const STRICT = { durability: "strict" };

/** meta: single values by name · people, drafts: encrypted records by id · outbox: what is to be sent, and was. */
const STORES = ["meta", "people", "drafts", "outbox"];

let opening;

function database() {
  opening ??= openDB(NAME, VERSION, {
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
  }).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

export async function get(store, key) {
  return (await database()).get(store, key);
}

export async function values(store) {
  return (await database()).getAll(store);
}

export async function keys(store) {
  return (await database()).getAllKeys(store);
}

/** One transaction over the stores; `change` gets them by name and must await nothing but their requests. */
export async function transact(stores, change) {
  const transaction = (await database()).transaction(stores, "readwrite", STRICT);
  const opened = Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)]));
  let result;
  try {
    result = await change(opened);
  } catch (error) {
    transaction.done.catch(() => {}); // the error itself is what the caller hears
    abort(transaction);
    throw error;
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
