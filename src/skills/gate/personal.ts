// Which texts are personal data: addresses, numbers that reach or pay for a person, numbers of states for their people.
// Numbers with check digits count only when these are right. It sees one text at a time.

/** What kind of personal data a text holds. */
export function personalDataIn(text: string): string | undefined {
  if (hasEmail(text)) return "an e-mail address";
  if (hasIban(text)) return "a bank account number";
  if (hasCard(text)) return "a card number";
  const id = NATIONAL_IDS.find(({ form, isRight }) =>
    [...text.matchAll(form)].some(([found]) => isRight(found)),
  );
  if (id) return id.what;
  return hasPhone(text) ? "a phone number" : undefined;
}

const EMAIL = /\b[\w.%+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b/gi;
/** Names that belong to nobody: RFC 2606, and addresses that nobody reads. */
const NOBODY = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost)$/i;

function hasEmail(text: string): boolean {
  return [...text.matchAll(EMAIL)].some(([whole, domain = ""]) => {
    const isAddress = !NOBODY.test(domain) && !/^(?:git|noreply|no-reply)@/i.test(whole);
    return isAddress && !/\.(?:png|jpe?g|svg|css|[jt]sx?|json)$/i.test(domain);
  });
}

/** International form; or the North American one with its usual marks. 555-01xx belongs to nobody. */
const PHONES = [
  /(?<![\w+])\+\d(?:[ ().-]*\d){7,14}(?!\w)/g,
  /(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])/g,
];

function hasPhone(text: string): boolean {
  const found = PHONES.flatMap((form) => [...text.matchAll(form)].map(([one]) => one));
  return found.some((one) => !/55501\d\d$/.test(digitsOf(one)) && new Set(digitsOf(one)).size > 2);
}

function hasIban(text: string): boolean {
  return [...text.matchAll(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g)].some(
    ([found]) => {
      const plain = found.replaceAll(" ", "");
      if (plain.length < 15 || plain.length > 34) return false;
      const turned = `${plain.slice(4)}${plain.slice(0, 4)}`;
      return (
        remainder(
          turned.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)),
          97,
        ) === 1
      );
    },
  );
}

/** Cards that payment companies publish for tests. */
const TEST_CARDS = /^(?:4242){4}$|^4111111111111111$|^5555555555554444$|^378282246310005$|^4000\d{12}$/;

function hasCard(text: string): boolean {
  return [
    ...text.matchAll(/(?<![\w.-])(?:[3-6]\d{3}(?:[ -]?\d{4}){3}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w-])/g),
  ].some(([found]) => isLuhn(digitsOf(found)) && !TEST_CARDS.test(digitsOf(found)));
}

interface NationalId {
  readonly what: string;
  readonly form: RegExp;
  readonly isRight: (found: string) => boolean;
}

const NATIONAL_IDS: readonly NationalId[] = [
  {
    what: "a US social security number",
    form: /(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])/g,
    isRight: (found) =>
      !/^(?:000|666|9)|^\d{3}-00|-0000$/.test(found) && !/^(?:123-45-6789|078-05-1120)$/.test(found),
  },
  {
    what: "a UK national insurance number",
    form: /\b(?![DFIQUV]|BG|GB|NK|KN|TN|NT|ZZ)[A-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g,
    isRight: () => true,
  },
  {
    what: "a Spanish identity number",
    form: /\b\d{8}-?[A-Z]\b/g,
    isRight: (found) => found.at(-1) === "TRWAGMYFPDXBNJZSQVHLCKE"[Number(found.slice(0, 8)) % 23],
  },
  {
    what: "an Italian tax code",
    form: /\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g,
    isRight: () => true,
  },
  {
    what: "a French social security number",
    form: /(?<!\w)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\w)/g,
    isRight: (found) => {
      const digits = digitsOf(found);
      return 97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13));
    },
  },
  {
    what: "a Brazilian tax number",
    form: /(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g,
    isRight: (found) => isCpf(digitsOf(found).split("").map(Number)),
  },
];

function isCpf(digits: readonly number[]): boolean {
  const check = (count: number): number => {
    const sum = digits.slice(0, count).reduce((total, digit, at) => total + digit * (count + 1 - at), 0);
    return ((sum * 10) % 11) % 10;
  };
  return new Set(digits).size > 1 && check(9) === digits[9] && check(10) === digits[10];
}

function isLuhn(digits: string): boolean {
  const sum = digits
    .split("")
    .toReversed()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** Of a number that is too long for a number. */
function remainder(digits: string, by: number): number {
  return digits.split("").reduce((rest, digit) => (rest * 10 + Number(digit)) % by, 0);
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}
