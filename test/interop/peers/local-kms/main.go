// The AWS emulator local-kms on loopback: its own program listens on every address of the machine.
//
//	local-kms <port> <folder>
package main

import (
	"net/http"
	"os"

	"github.com/nsmithuk/local-kms/src"
	"github.com/nsmithuk/local-kms/src/config"
	"github.com/nsmithuk/local-kms/src/data"
)

func main() {
	config.AWSAccountId = "111122223333"
	config.AWSRegion = "eu-west-1"
	database := data.NewDatabase(os.Args[2])
	defer database.Close()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { src.HandleRequest(w, r, database) })
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
