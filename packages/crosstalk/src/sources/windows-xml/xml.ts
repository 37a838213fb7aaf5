// As much of XML 1.0 as event logs need, over text: elements, attributes, text, CDATA. No document type is honoured, so no entity but the
// five predefined ones and character references exists; nothing outside the text is ever read. Forgiving: what is no XML is text.

export interface XmlHandler {
  open(name: string, attributes: readonly [string, string][]): void
  text(text: string): void
  close(name: string): void
}

/** Elements nested deeper are read as if they were not there. */
const MAX_DEPTH = 64
/** Attributes of one element; further ones are left out. */
const MAX_ATTRIBUTES = 256

const ATTRIBUTE = /([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

/** Walks text from start to end. Names come without their namespace prefix. Gives false when the elements don't close as they opened. */
export function walkXml(text: string, handler: XmlHandler): boolean {
  const open: string[] = []
  let whole = true
  let at = 0
  while (at < text.length) {
    const tag = text.indexOf('<', at)
    if (tag < 0) break
    if (tag > at && open.length) handler.text(resolveEntities(text.slice(at, tag)))
    if (text.startsWith('<!--', tag)) at = behind(text, '-->', tag + 4)
    else if (text.startsWith('<![CDATA[', tag)) {
      at = behind(text, ']]>', tag + 9)
      if (open.length) handler.text(text.slice(tag + 9, Math.max(tag + 9, at - 3)))
    } else if (text[tag + 1] === '?' || text[tag + 1] === '!') at = behind(text, '>', tag + 2)
    else if (text[tag + 1] === '/') {
      at = behind(text, '>', tag + 2)
      const name = localName(text.slice(tag + 2, at - 1).trim())
      if (open.at(-1) === name) {
        open.pop()
        handler.close(name)
      } else whole = false
    } else at = openTag(text, tag, open, handler)
  }
  return whole && open.length === 0
}

/** Behind the tag that starts at `tag`. */
function openTag(text: string, tag: number, open: string[], handler: XmlHandler): number {
  const name = /[^\s/>]+/y
  name.lastIndex = tag + 1
  const found = name.exec(text)
  if (!found) return tag + 1
  const attributes: [string, string][] = []
  let at = name.lastIndex
  for (;;) {
    while (at < text.length && text[at] <= ' ') at++
    ATTRIBUTE.lastIndex = at
    const attribute = ATTRIBUTE.exec(text)
    if (!attribute) break
    if (attributes.length < MAX_ATTRIBUTES)
      attributes.push([localName(attribute[1]), resolveEntities(attribute[2] ?? attribute[3])])
    at = ATTRIBUTE.lastIndex
  }
  const end = text.indexOf('>', at)
  if (end < 0) return text.length
  if (open.length >= MAX_DEPTH) return end + 1
  const local = localName(found[0])
  handler.open(local, attributes)
  if (text[end - 1] === '/') handler.close(local)
  else open.push(local)
  return end + 1
}

const behind = (text: string, mark: string, from: number): number => {
  const at = text.indexOf(mark, from)
  return at < 0 ? text.length : at + mark.length
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Predefined entities and character references (XML 1.0, 4.1 and 4.6); any other stays as it is written. */
export function resolveEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#[xX]?[0-9a-fA-F]{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (name[0] !== '#') return ENTITIES[name] ?? whole
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
