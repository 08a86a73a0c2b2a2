//go:build tools

// Package tools names the program that this module pins.
package tools

import _ "helm-verify-shim.test/tools/pflag-oracle"
