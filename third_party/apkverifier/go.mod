// A module of its own, so that the product does not depend on the verifier. Its library comes with Debian's package
// golang-github-avast-apkverifier-dev and is built against in GOPATH mode: see builder/apk/checkers_test.go.
module gonghui/third_party/apkverifier

go 1.26.0
