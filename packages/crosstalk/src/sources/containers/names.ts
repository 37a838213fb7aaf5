// Names of what lies in archives: `outer.zip!inner.tar!file`.

/** `logs.tar.gz!logs.tar` and its entries: the tar layer is left out of their names. */
export function wrapperOf(name: string): string {
  const mark = name.lastIndexOf('!')
  const outer = mark < 0 ? '' : name.slice(0, mark)
  const inner = name.slice(mark + 1)
  const base = outer.slice(Math.max(outer.lastIndexOf('/'), outer.lastIndexOf('\\'), outer.lastIndexOf('!')) + 1)
  return mark >= 0 && base.startsWith(inner.replace(/\.tar$/, '')) ? outer : name
}

/** Whether the input of that name is the wanted one, or may hold it. */
export function mayHold(name: string, wanted: string | undefined): boolean {
  return (
    wanted === undefined || wanted === name || wanted.startsWith(`${name}!`) || wanted.startsWith(`${wrapperOf(name)}!`)
  )
}
