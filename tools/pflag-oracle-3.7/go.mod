module helm-verify-shim.test/tools/pflag-oracle-3.7

go 1.26.0

require helm-verify-shim.test/tools/pflag-oracle v0.0.0

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/spf13/cobra v1.10.2 // indirect
	github.com/spf13/pflag v1.0.10 // indirect
)

// The versions that helm 3.7 was built with: cobra found the subcommand differently before 1.7.
replace (
	github.com/spf13/cobra => github.com/spf13/cobra v1.2.1
	github.com/spf13/pflag => github.com/spf13/pflag v1.0.5
	helm-verify-shim.test/tools/pflag-oracle => ../pflag-oracle
)
