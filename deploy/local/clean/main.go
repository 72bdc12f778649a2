// Command clean forgets what "make run" has made: servers are stopped, data, keys and logs go.
package main

import (
	"fmt"
	"os"

	"gonghui/deploy/local"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: clean DIR")
		os.Exit(2)
	}
	if _, err := os.Stat(os.Args[1]); os.IsNotExist(err) {
		return
	}
	if err := local.Clean(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
