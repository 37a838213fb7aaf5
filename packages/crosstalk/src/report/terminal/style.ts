// Colours, where the reader has them. Each says what a thing is, none carries meaning that the words beside it do not.
import type { Level } from '../../cases/case.ts'

export interface Style {
  bold(text: string): string
  dim(text: string): string
  heading(text: string): string
  level(level: Level, text: string): string
  good(text: string): string
  warn(text: string): string
}

/** SGR parameters (ECMA-48, 8.3.117); the eight basic colours, which every theme draws readably. */
const LEVEL_COLOUR: Record<Level, string> = {
  critical: '1;97;41',
  high: '1;31',
  medium: '1;33',
  low: '36',
  informational: '2',
}

const sgr = (parameters: string) => (text: string) => (text ? `\x1b[${parameters}m${text}\x1b[0m` : text)
const plain = (text: string) => text

export function style(color: boolean): Style {
  if (!color) return { bold: plain, dim: plain, heading: plain, level: (_, text) => text, good: plain, warn: plain }
  return {
    bold: sgr('1'),
    dim: sgr('2'),
    heading: sgr('1;4'),
    level: (level, text) => sgr(LEVEL_COLOUR[level])(text),
    good: sgr('32'),
    warn: sgr('33'),
  }
}

/**
 * Whether to colour: only on a terminal, not when NO_COLOR is set to anything (https://no-color.org) or the terminal is dumb, never
 * with --no-color.
 */
export function wantsColor(
  stream: { isTTY?: boolean },
  environment: Record<string, string | undefined>,
  noColor = false,
): boolean {
  return Boolean(stream.isTTY) && !noColor && !environment.NO_COLOR && environment.TERM !== 'dumb'
}
