// Characters that XML writes as references.

/** What an entity reference stands for; one that XML does not define stays as it is written. */
export function entityText(name: string): string {
  switch (name) {
    case 'quot':
      return '"'
    case 'apos':
      return "'"
    case 'amp':
      return '&'
    case 'lt':
      return '<'
    case 'gt':
      return '>'
    default:
      return `&${name};`
  }
}

/** A character reference's text; one to half a surrogate pair stays as it is written. */
export function characterText(unit: number): string {
  return unit >= 0xd800 && unit < 0xe000 ? `&#${unit};` : String.fromCharCode(unit)
}
