module helm-verify-shim.test/tools/certificates

go 1.26.0
