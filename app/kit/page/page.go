// Package page is keyset paging: an opaque token says where the last page ended.
package page

import (
	"encoding/base64"
	"encoding/json"

	"gonghui/app/kit/fault"
)

// Size returns how many rows to give: n, or fallback when n is 0.
func Size(n, fallback int32) int32 {
	if n <= 0 {
		return fallback
	}
	return n
}

// Token seals the keys of a page's last row.
func Token(keys any) string {
	raw, err := json.Marshal(keys)
	if err != nil {
		panic(err) // keys are plain structs of ours
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Parse reads a token into keys and reports whether there was one. A token of another list is a bad request.
func Parse(token string, keys any) (bool, error) {
	if token == "" {
		return false, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(raw, keys)
	}
	if err != nil {
		return false, fault.Field("pageToken", "翻页标记无效，请回到第一页", "the page token is not valid; go back to the first page")
	}
	return true, nil
}

// Cut trims rows, read one over size, to size; it returns the token of the next page, or "" at the end.
func Cut[R any](rows []R, size int32, keys func(R) any) ([]R, string) {
	if int32(len(rows)) <= size {
		return rows, ""
	}
	rows = rows[:size]
	return rows, Token(keys(rows[size-1]))
}
