/** Where brackets are nested more than `deepest` levels; undefined where they never are. Takes no stack itself. */
export function findTooDeep(text: string, deepest: number): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case "/":
        at = endOfComment(text, at);
        break;
      case "{":
      case "[":
        if (++depth > deepest) return at;
        break;
      case "}":
      case "]":
        depth--;
        break;
    }
  }
  return undefined;
}

/** The place of the closing quote, or of the last character of the line: JSON's texts end with their line. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"' || text[at] === "\n" || text[at] === "\r") return at;
  }
  return text.length;
}

/** The place of a comment's last character; `start` itself where none begins. */
function endOfComment(text: string, start: number): number {
  if (text[start + 1] === "*") {
    const end = text.indexOf("*/", start + 2);
    return end === -1 ? text.length : end + 1;
  }
  if (text[start + 1] !== "/") return start;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\n" || text[at] === "\r") return at;
  }
  return text.length;
}
