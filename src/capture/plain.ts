// A look at a script's text that often spares parsing it: is a variable's name never in a place where it could be assigned?
//
// Before: a text and a name. After: true only if no occurrence of the name, whatever it refers to, can be a write: no assignment, no `++`, no
// part of a destructuring pattern, no head of `for (x of …)`; declarations `const x =` and `let x =` aside. False says nothing: parse then.
// Parsing takes 0.2–1 ms a kilobyte in a cold process, this some microseconds: bundles of a megabyte are what it is for.
// Occurrences in comments and strings count too, which at worst costs a parse. A name written with escapes (`\u0061`) is not understood.

const wordCharacter = /[\p{ID_Continue}$\u200c\u200d]/u;
/** after the name, or after the parentheses around it: an assignment, an update, or what can't be told (a comment) */
const written = /\s*(?:=(?![=>])|\+\+|--|(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])=|\/[/*]|(?:of|in)(?![\p{ID_Continue}$]))/uy;
const closers = /[\s)]*/y;
/** a word before the name that leaves it an operand */
const readers = new Set(["return", "typeof", "case", "in", "of", "instanceof", "new", "void", "delete", "throw", "await", "yield", "else", "do", "extends", "default"]);
const keywords = new Set([...readers, "const", "let", "var", "import", "export", "as", "from", "async", "static", "get", "set", "break", "continue", "debugger"]);

export function plainlyConstant(text: string, name: string): boolean {
  if (!/^[\w$]+$/.test(name) || /\beval\s*\(/.test(text)) return false;
  let declarations = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (isWordAt(text, at - 1) || isWordAt(text, end)) continue; // a part of another word
    if (!isRead(text, at, end)) return false;
    if (/\bfunction\s*\*?\s*$/.test(text.slice(Math.max(0, at - 40), at)) && ++declarations > 1) return false; // blocks of sloppy code may assign in turn
  }
  return true;
}

function isRead(text: string, at: number, end: number): boolean {
  const before = skipBack(text, at - 1);
  const after = skipForward(text, end);
  const lineAbove = text.lastIndexOf("\n", at) > before ? lineOf(text, before) : "";
  if (lineAbove.includes("//")) return !writesAt(text, end) && !/\+\+|--/.test(lineAbove) && !/[,\]})]/.test(text[after] ?? ";"); // what stands before is perhaps a comment
  const previous = text[before] ?? ";";
  if (previous === "." && text[before - 1] !== ".") return true; // a property of something
  const word = isWordAt(text, before) ? wordEndingAt(text, before) : null;
  if (word === "import" || word === "as" || word === "var") return false; // imports are followed, `var x =` is judged by where it stands
  if (writesAt(text, end)) return (word === "const" || word === "let") && /\s*=(?!=)/y.test(text.slice(end, end + 40));
  if ((previous === "+" || previous === "-") && text[before - 1] === previous) return false;
  if (previous === "/" && (text[before - 1] === "*" || text[before - 1] === "/")) return false; // a comment, perhaps with `++` before it
  switch (text[after]) {
    case ")": return parenthesised(text, before, after);
    case ",":
    case "]":
    case "}": return (previous === "{" && text[before - 1] === "$") || isOperand(previous, word) || isArgument(text, before);
    default: return true;
  }
}

/** `x` followed by `)`: a target only as `(x)`, alone. */
function parenthesised(text: string, before: number, after: number): boolean {
  closers.lastIndex = after;
  const end = after + (closers.exec(text)?.[0].length ?? 0);
  if (writesAt(text, end)) return false;
  if (text[before] !== "(") return true;
  const opener = skipBack(text, before - 1);
  return !/[[,{:(.]/.test(text[opener] ?? ";") && !((text[opener] === "+" || text[opener] === "-") && text[opener - 1] === text[opener]);
}

/** An operator or a word in front makes it a value that is read (in a pattern: a default); two plain words in a row are prose. */
const isOperand = (previous: string, word: string | null): boolean => (word === null ? /[=+\-*/%<>&|^!~?]/.test(previous) : readers.has(word) || !keywords.has(word));

/** One of a call's arguments, the index of a member access, or exported by name. */
function isArgument(text: string, before: number): boolean {
  let depth = 0;
  for (let i = before, stop = before - 2000; i >= 0 && i > stop; i--) {
    const c = text[i]!;
    if (c === ")" || c === "]" || c === "}") depth++;
    else if (c === "(" || c === "[" || c === "{") {
      if (depth-- > 0) continue;
      const opener = skipBack(text, i - 1);
      const word = isWordAt(text, opener) ? wordEndingAt(text, opener) : null;
      if (c === "(") return true;
      if (c === "[") return word !== null ? !keywords.has(word) : text[opener] === "]"; // after `)` it may be a statement: if (c) [x, y] = …
      return word === "export";
    } else if (c === '"' || c === "'" || c === "`" || c === "/") return false; // brackets in strings and comments would mislead
  }
  return false;
}

function writesAt(text: string, at: number): boolean {
  written.lastIndex = at;
  return written.test(text);
}

const isWordAt = (text: string, at: number): boolean => at >= 0 && at < text.length && wordCharacter.test(text[at]!);
const isSpace = (text: string, at: number): boolean => /\s/.test(text[at] ?? "x");
function skipBack(text: string, at: number): number {
  while (at >= 0 && isSpace(text, at)) at--;
  return at;
}
function skipForward(text: string, at: number): number {
  while (isSpace(text, at)) at++;
  return at;
}
function wordEndingAt(text: string, end: number): string {
  let start = end;
  while (isWordAt(text, start - 1)) start--;
  return text.slice(start, end + 1);
}
function lineOf(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? text.length : end);
}
