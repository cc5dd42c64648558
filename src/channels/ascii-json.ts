/** JSON without a character beyond ASCII, so that its length is the bytes that it takes. */
export function asciiJson(value: object): string {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) === json.length ? json : json.replace(/[\u0080-\uffff]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
