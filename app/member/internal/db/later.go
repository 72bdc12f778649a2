package db

// Later takes statements that travel with the commit.
type Later interface {
	Later(sql string, args ...any)
}

// AddKeysLater is AddKeys with the commit.
func AddKeysLater(l Later, arg AddKeysParams) { l.Later(addKeys, arg.Keys, arg.MemberID) }

// DropKeysLater is DropKeys with the commit.
func DropKeysLater(l Later, arg DropKeysParams) { l.Later(dropKeys, arg.Keys, arg.MemberID) }

// AddHistoryLater is AddHistory with the commit.
func AddHistoryLater(l Later, arg AddHistoryParams) {
	l.Later(addHistory, arg.MemberID, arg.ID, arg.Kind, arg.Reason, arg.ByAccount, arg.ByName, arg.Changed)
}

// DropDuplicateOfLater is DropDuplicateOf with the commit.
func DropDuplicateOfLater(l Later, digest string) { l.Later(dropDuplicateOf, digest) }

// LazyLater lets a transaction end without waiting for the disk. Should the database fall, the transaction may be gone whole,
// like one that was not begun.
func LazyLater(l Later) { l.Later("select set_config('synchronous_commit', 'off', true)") }
