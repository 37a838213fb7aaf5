// What a command is.

/** A command is a file of this folder with these exports; it is loaded when it is asked for. */
export interface Command {
  readonly name: string
  /** one line */
  readonly summary: string
  readonly help: string
  /** Runs with the words behind the command's name; gives the exit code. */
  run(args: readonly string[]): Promise<number>
}
