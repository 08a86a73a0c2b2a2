/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to, but not, `below`. */
  int(below: number): number
  pick<T>(from: readonly T[]): T
  /** True so many times out of a hundred. */
  chance(percent: number): boolean
}

/** Mulberry32: small, even enough for choosing test cases. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const int = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
  return {
    int,
    pick: <T>(from: readonly T[]) => {
      if (from.length === 0) throw new Error('nothing to pick from')
      return from[int(from.length)] as T
    },
    chance: (percent) => int(100) < percent,
  }
}
