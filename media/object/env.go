package object

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// endpointForm is a host with or without a port: no scheme, no path, no user.
var endpointForm = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// bucketForm: the names that every S3 server takes.
var bucketForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// FromEnv is the store of the environment: the bucket of GONGHUI_S3_ENDPOINT, _BUCKET, _ACCESS_KEY and _SECRET_KEY, with
// _REGION, _PREFIX (a key, before every other) and _TLS (0: without), or the folder when none of them is set. Half of the
// settings is an error that names the rest.
func FromEnv(folder string) (Store, error) {
	value := func(name string) string { return os.Getenv("GONGHUI_S3_" + name) }
	var set, missing []string
	for i, name := range []string{"ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY", "REGION", "PREFIX", "TLS"} {
		if value(name) != "" {
			set = append(set, "GONGHUI_S3_"+name)
		} else if i < 4 {
			missing = append(missing, "GONGHUI_S3_"+name)
		}
	}
	if len(set) == 0 {
		return NewLocal(folder), nil
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the object store is half set: there is %s, but not %s", strings.Join(set, ", "), strings.Join(missing, ", "))
	}
	// No value goes into an error: one in the wrong place may be a secret.
	if !endpointForm.MatchString(value("ENDPOINT")) {
		return nil, errors.New("GONGHUI_S3_ENDPOINT has to be a host or host:port, without scheme and path")
	}
	if !bucketForm.MatchString(value("BUCKET")) {
		return nil, errors.New("GONGHUI_S3_BUCKET has to be 3 to 63 lower-case letters, digits, dots and hyphens")
	}
	if tls := value("TLS"); tls != "" && tls != "0" && tls != "1" {
		return nil, errors.New("GONGHUI_S3_TLS has to be 1 or 0")
	}
	s, err := NewS3(Config{
		Endpoint: value("ENDPOINT"), Bucket: value("BUCKET"), AccessKey: value("ACCESS_KEY"), SecretKey: value("SECRET_KEY"),
		Region: value("REGION"), Plain: value("TLS") == "0",
	})
	if err != nil {
		return nil, err
	}
	if value("PREFIX") == "" {
		return s, nil
	}
	if CheckKey(value("PREFIX")) != nil {
		return nil, errors.New("GONGHUI_S3_PREFIX has to be the beginning of a key, as in unions/files, without a slash at its ends")
	}
	return Under(s, value("PREFIX"))
}
