package local

// Reasons of an Error.
const (
	ReasonInUse       = "IN_USE"       // another process runs servers on this directory
	ReasonNoPostgres  = "NO_POSTGRES"  // no Postgres 15 or newer, or not the major that wrote the data
	ReasonNoRedis     = "NO_REDIS"     // no redis-server
	ReasonNoAccount   = "NO_ACCOUNT"   // root, and no unprivileged user to run the servers as
	ReasonBadDir      = "BAD_DIR"      // the state directory cannot be used
	ReasonNoPassword  = "NO_PASSWORD"  // data is there, its password is not
	ReasonStartFailed = "START_FAILED" // the server ended before it answered
	ReasonStuck       = "STUCK"        // a process of an earlier run cannot be ended
)

// Error is a failure that the person at the terminal can act on, said in both languages.
type Error struct {
	Reason string
	Zh, En string
	Err    error // the cause, or nil
}

func (e *Error) Error() string {
	s := e.Zh + " / " + e.En
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
