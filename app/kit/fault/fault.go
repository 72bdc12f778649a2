// Package fault makes the errors that people see: a kratos error with a reason, and what to do in Chinese and English.
package fault

import (
	"net/http"

	"github.com/go-kratos/kratos/v2/errors"
)

// InvalidArgument is the reason of every error about a field of the request.
const InvalidArgument = "INVALID_ARGUMENT"

// Field says what is wrong with one field, named as in the JSON of the request: "fields.idNumber".
func Field(field, zh, en string) *errors.Error {
	return errors.New(http.StatusBadRequest, InvalidArgument, en).
		WithMetadata(map[string]string{"field": field, "zh": zh, "en": en})
}

// New is an error with a reason of a proto, and its wording.
func New(code int, reason interface{ String() string }, zh, en string) *errors.Error {
	return errors.New(code, reason.String(), en).WithMetadata(map[string]string{"zh": zh, "en": en})
}

// Of is New for a reason about one field.
func Of(code int, reason interface{ String() string }, field, zh, en string) *errors.Error {
	return errors.New(code, reason.String(), en).WithMetadata(map[string]string{"field": field, "zh": zh, "en": en})
}

// Plain is an error of the platform's own edge, outside any module's reasons.
func Plain(code int, reason, zh, en string) *errors.Error {
	return errors.New(code, reason, en).WithMetadata(map[string]string{"zh": zh, "en": en})
}
