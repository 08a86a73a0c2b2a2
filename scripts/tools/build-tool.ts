import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Recipe } from './recipe.ts'

const links = join(import.meta.dirname, '../../.tools/bin')

/** Where built tools are kept: in the user's cache folder, for all clones. */
export function cacheFolder(): string {
  // One that is set but empty counts as unset, as in the XDG specification.
  const caches = process.env['XDG_CACHE_HOME']
  return join(caches === undefined || caches === '' ? join(homedir(), '.cache') : caches, 'helm-verify-shim/tools')
}

/** Where this build of a tool is kept. */
export function builtFolder(recipe: Recipe, go: string): string {
  return join(cacheFolder(), `${recipe.name}-${process.platform}-${process.arch}-go${go}-${recipe.digest.slice(0, 16)}`)
}

/** Whether the tool is built already. */
export function isBuilt(recipe: Recipe, go: string): boolean {
  return existsSync(program(recipe, builtFolder(recipe, go)))
}

/**
 * Builds a tool under another name and moves it into place whole, so that two builds side by side cannot spoil each
 * other: the first one there stays.
 * @param stop ends go early
 * @throws Error with what go said; nothing is left of the build then
 */
export async function buildTool(recipe: Recipe, go: string, stop?: AbortSignal): Promise<void> {
  const place = builtFolder(recipe, go)
  const fresh = `${place}.${randomBytes(4).toString('hex')}`
  // go leaves its temporary folder behind when it is interrupted.
  const work = `${fresh}.work`
  try {
    mkdirSync(dirname(program(recipe, fresh)), { recursive: true })
    mkdirSync(work)
    const args = ['build', '-trimpath', '-ldflags', recipe.ldflags, '-o', program(recipe, fresh), recipe.package]
    // The tools are to run here, whatever this shell builds for otherwise.
    const env = { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOOS: '', GOARCH: '', GOTMPDIR: work }
    const options = { cwd: recipe.folder, env, reject: false, all: true, ...(stop && { cancelSignal: stop }) } as const
    const { exitCode, isCanceled, all } = await execa('go', args, options)
    if (isCanceled) throw new Error(`Stopped while ${recipe.name} was being built.`)
    if (exitCode !== 0) throw new Error(`${recipe.name} could not be built:\n${all}`)
    if (recipe.plugin) copyFileSync(join(recipe.folder, 'plugin.yaml'), join(fresh, 'plugin.yaml'))
    rename(fresh, place)
  } finally {
    for (const folder of [fresh, work]) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function rename(fresh: string, place: string): void {
  try {
    renameSync(fresh, place)
  } catch (error) {
    if (!existsSync(place)) throw error
  }
}

/** Makes `.tools/bin/NAME` a link to the built tool: to its program, or to a plugin's folder. */
export function linkTool(recipe: Recipe, go: string): void {
  const place = builtFolder(recipe, go)
  const target = recipe.plugin ? place : program(recipe, place)
  const link = join(links, recipe.name)
  mkdirSync(links, { recursive: true })
  if (linkedTo(link) === target) return
  const fresh = `${link}.${randomBytes(4).toString('hex')}`
  symlinkSync(target, fresh)
  renameSync(fresh, link)
}

function linkedTo(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

function program(recipe: Recipe, place: string): string {
  return join(place, recipe.plugin ? `bin/${recipe.name.replace(/^helm-/, '')}` : recipe.name)
}
