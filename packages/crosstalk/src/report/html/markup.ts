// HTML that cannot be written unescaped: a template whose holes take text, and text is made visible and escaped on the way in.
// Only this file can make Markup of a string.
import { visibleText } from '../visible-text.ts'

declare const made: unique symbol
/** A piece of HTML or SVG that was escaped where it had to be. */
export interface Markup {
  readonly markup: string
  readonly [made]: true
}

/** What a hole takes; null, undefined, false and '' leave it empty. */
export type Hole = Markup | string | number | null | undefined | false | readonly Hole[]

const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Text as HTML content or as the inside of a quoted attribute (HTML standard, 13.3); invisible characters shown. */
export function escaped(text: string): string {
  return visibleText(text).replace(/[&<>"'`]/g, (character) => ESCAPED[character])
}

/** `html\`<p title="${text}">${text}</p>\``: every hole is content or the inside of a quoted attribute, never a name or a bare value. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  let markup = parts[0]
  for (let at = 0; at < holes.length; at++) markup += filled(holes[at]) + parts[at + 1]
  return wrapped(markup)
}

function filled(hole: Hole): string {
  if (typeof hole === 'string') return escaped(hole)
  if (typeof hole === 'number') return String(hole)
  if (!hole) return ''
  if (isList(hole)) {
    let markup = ''
    for (const each of hole) markup += filled(each)
    return markup
  }
  return hole.markup
}

function isList(hole: Hole): hole is readonly Hole[] {
  return Array.isArray(hole)
}

/** The project's own style sheet and script, which are constants and must not be escaped. */
export function rawElement(name: 'style' | 'script', content: string): Markup {
  if (/<\/(style|script)|<!--/i.test(content)) throw new TypeError(`a ${name} element must not hold its own end`)
  return wrapped(`<${name}>${content}</${name}>`)
}

/**
 * Data as JSON inside a script element that is never run. `<` cannot occur in it, so neither can the element's end nor a comment
 * (HTML standard, 4.12.1.3); U+2028 and U+2029 are escaped for readers that take JSON for JavaScript.
 */
export function dataElement(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return wrapped(`<script type="application/json" id="${escaped(id)}">${json}</script>`)
}

function wrapped(markup: string): Markup {
  return { markup } as Markup
}
