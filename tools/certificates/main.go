// Certificates writes a certificate authority and a server certificate for loopback into a folder, for the tests'
// registry: ca.pem, server.pem, server-key.pem. Node cannot make certificates by itself, and openssl may be missing.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: certificates FOLDER")
	}
	authority := template("Test authority", 1)
	authority.IsCA = true
	authority.KeyUsage = x509.KeyUsageCertSign
	authorityKey := newKey()
	write("ca.pem", "CERTIFICATE", sign(authority, authority, authorityKey, authorityKey))

	server := template("localhost", 2)
	server.DNSNames = []string{"localhost"}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	serverKey := newKey()
	write("server.pem", "CERTIFICATE", sign(server, authority, serverKey, authorityKey))
	write("server-key.pem", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(serverKey)))
}

func template(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		BasicConstraintsValid: true,
	}
}

func newKey() *ecdsa.PrivateKey {
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
}

func sign(subject, issuer *x509.Certificate, key, issuerKey *ecdsa.PrivateKey) []byte {
	return must(x509.CreateCertificate(rand.Reader, subject, issuer, &key.PublicKey, issuerKey))
}

func write(name, kind string, bytes []byte) {
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
	if err := os.WriteFile(filepath.Join(os.Args[1], name), block, 0o600); err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
