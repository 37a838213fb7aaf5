// How far a run is, on a terminal: a line that rewrites itself. Nothing at all when standard error is no terminal.
export interface Progress {
  at(bytes: number, events: number): void
  end(): void
}

const EVERY_MS = 100

export function startProgress(totalBytes: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { at: () => {}, end: () => {} }
  const started = performance.now()
  let last = started
  let shown = false
  return {
    at(bytes, events) {
      const now = performance.now()
      if (now - last < EVERY_MS) return
      last = now
      shown = true
      stream.write(`\r\x1b[K${progressLine(bytes, totalBytes, events, (now - started) / 1000)}`)
    },
    end() {
      if (shown) stream.write('\r\x1b[K')
    },
  }
}

/** `42 %  168 of 400 MB  1,234,567 events  115 MB/s  2 s left`; the time left is unknown until something was read. */
export function progressLine(bytes: number, total: number, events: number, seconds: number): string {
  const share = total ? Math.min(1, bytes / total) : 1
  const rate = seconds > 0 ? bytes / seconds : 0
  const left = rate > 0 ? Math.max(0, (total - bytes) / rate) : Number.NaN
  const parts = [
    `${Math.floor(share * 100)} %`,
    `${megabytes(bytes)} of ${megabytes(total)} MB`,
    `${String(events).replace(/\B(?=(\d{3})+$)/g, ',')} events`,
    `${megabytes(rate)} MB/s`,
  ]
  if (!Number.isNaN(left)) parts.push(`${timeLeft(left)} left`)
  return parts.join('  ')
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
