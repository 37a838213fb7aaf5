// Ctrl-C and its like: what was begun is cleared away (whoever began it listens to `exit`), the person is told, and the exit code says which signal it was.
import { constants } from 'node:os'

/** 128 and the signal's number, as shells have it. A second signal ends the process at once. */
export function stopOnSignals(command: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      process.stderr.write(
        `${process.stderr.isTTY ? '\n' : ''}crosstalk ${command}: stopped by ${signal} before it was done\n`,
      )
      process.exit(128 + constants.signals[signal])
    })
}
