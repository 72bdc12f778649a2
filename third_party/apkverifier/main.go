// Command apkverifier verifies the signatures of the packages whose paths stand on its standard input, one a line, by a reader
// that is not ours. It prints a line for each: the path, the scheme, the SHA-256 of the certificate; or the path and an error.
package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"

	"github.com/avast/apkverifier"
)

func main() {
	failed := false
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		r, err := apkverifier.Verify(in.Text(), nil)
		if err != nil {
			fmt.Printf("%s\tERROR\t%v\n", in.Text(), err)
			failed = true
			continue
		}
		_, best := apkverifier.PickBestApkCert(r.SignerCerts)
		fmt.Printf("%s\tv%d\t%x\n", in.Text(), r.SigningSchemeId, sha256.Sum256(best.Raw))
	}
	if failed {
		os.Exit(1)
	}
}
