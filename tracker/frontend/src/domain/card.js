// The code on a person's card: seven characters and a check character after ISO 7064 (Mod 29, 28).
const ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ";
const SHAPE = new RegExp(`^[${ALPHABET}]{8}$`);
const GAPS = /[\s\-‐-―－_·]+/gu;

export function tidy(said) {
  return said.normalize("NFKC").replace(GAPS, "").toUpperCase();
}

export function isCode(code) {
  const drawn = code.slice(0, -1);
  if (!SHAPE.test(code) || !/[2-9]/.test(drawn) || !/[A-Z]/.test(drawn)) return false;
  const size = ALPHABET.length;
  let check = size / 2;
  for (const character of code)
    check = ((((check || size) * 2) % (size + 1)) + ALPHABET.indexOf(character)) % size;
  return check === 1;
}
