/** The signals that end a command line program, as helm itself would be ended by them. */
const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Holds back the signals that would end us, so that what is half done can be undone first. They are handed on to the
 * helm that is running, abort what is under way, and end us in `settle`, once everything is tidied up.
 */
export class Interruption {
  received: NodeJS.Signals | undefined
  readonly #controller = new AbortController()
  readonly #handler = (signal: NodeJS.Signals) => {
    this.received ??= signal
    this.#controller.abort(signal)
    for (const forward of this.#listeners) forward(signal)
  }
  readonly #listeners = new Set<(signal: NodeJS.Signals) => void>()

  constructor() {
    for (const signal of ending) process.on(signal, this.#handler)
  }

  /** Aborted when a signal came. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Calls `forward` for each signal that comes, until the returned function is called. */
  onSignal(forward: (signal: NodeJS.Signals) => void): () => void {
    this.#listeners.add(forward)
    return () => this.#listeners.delete(forward)
  }

  /** Lets signals act as usual again, and dies by the one that came, so that our parent sees what helm's would. */
  settle(): void {
    for (const signal of ending) process.off(signal, this.#handler)
    if (this.received) process.kill(process.pid, this.received)
  }
}
