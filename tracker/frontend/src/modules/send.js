// fetch() with the page's CSRF token, for every script of ours that talks to the server.
export function send(address, options = {}) {
  const headers = new Headers(options.headers);
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) headers.set("X-CSRFToken", token.content);
  return fetch(address, { credentials: "same-origin", ...options, headers });
}
