// Where threads start: a module beside this one, be it a source, compiled, or part of a bundle.

export const threadFile = (name: 'worker' | 'compile-worker'): URL =>
  new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
