// The record under the cursor as XML, as Windows writes it: one line, no declaration.
import { EvtxError } from './damage.ts'
import { Limit } from './format.ts'
import type { Layout } from './layout.ts'
import { recordTree } from './tree.ts'
import type { TreeElement, TreeNode } from './tree-nodes.ts'

/** The record as XML. Throws an EvtxError when it would be too large. */
export function recordXml(layout: Layout): string {
  const pieces: string[] = []
  let left = Limit.recordOutput
  const write = (text: string) => {
    left -= text.length + 1
    if (left < 0) throw new EvtxError('too-large', `a record is larger than ${Limit.recordOutput} characters of XML`)
    pieces.push(text)
  }
  for (const root of recordTree(layout)) writeElement(root, write)
  return pieces.join('')
}

function writeElement(element: TreeElement, write: (text: string) => void): void {
  write(`<${element.name}`)
  for (const { name, value } of element.attributes) {
    write(` ${name}="`)
    for (const node of value) writeText(node, true, write)
    write('"')
  }
  if (element.selfClosing) {
    write('/>')
    return
  }
  write('>')
  for (const child of element.children) {
    if (child.kind === 'element') writeElement(child, write)
    else writeText(child, false, write)
  }
  write(`</${element.name}>`)
}

function writeText(node: TreeNode, inAttribute: boolean, write: (text: string) => void): void {
  if (node.kind === 'text') write(xmlText(node.text, inAttribute))
  else if (node.kind === 'markup' || node.kind === 'instruction') write(node.xml)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text with XML's characters escaped; those that XML can't have become `_`, as Windows writes them. */
export function xmlText(text: string, inAttribute: boolean): string {
  return text
    .replace(inAttribute ? /[&<>"']/g : /[&<>]/g, (character) => ESCAPES[character])
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '_')
}
