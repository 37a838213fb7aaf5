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

/** Gives each entry a name of its own: two of one name are two inputs, the second is `name#2`. */
export function entryNames(): (name: string) => string {
  const taken = new Set<string>()
  const times = new Map<string, number>()
  return (name) => {
    let own = name
    for (let n = (times.get(name) ?? 1) + 1; taken.has(own); n++) {
      own = `${name}#${n}`
      times.set(name, n)
    }
    taken.add(own)
    return own
  }
}
