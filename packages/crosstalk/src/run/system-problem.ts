// What the operating system says, in plain words.

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOTDIR: 'part of its path is no folder',
  EIO: 'the disk failed to read it',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'it lies on a file system that is read-only',
}

/** A system error in plain words. */
export function systemProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code !== undefined && Object.hasOwn(WORDS, code) && WORDS[code]) || message
}

/** The same of a file that should have been read. */
export function readProblem(error: unknown): string {
  const { message } = error as Error
  const problem = systemProblem(error)
  return problem === message ? `can't be read: ${message}` : problem
}
