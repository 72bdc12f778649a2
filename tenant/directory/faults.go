package directory

import (
	"net/http"

	"gonghui/app/kit/fault"
	directoryv1 "gonghui/tenant/directory/v1"
)

func codeTaken() error {
	return fault.Of(http.StatusConflict, directoryv1.Reason_BODY_CODE_TAKEN, "code",
		"编码已被其他工会组织使用，请换一个", "another body has this code; choose another")
}

func cycle() error {
	return fault.Of(http.StatusConflict, directoryv1.Reason_BODY_CYCLE, "parentCode",
		"新上级就是本组织或在本组织之下，请另选上级", "the new parent is the body itself or lies below it; choose another")
}

func secondParent(line string) error {
	field := "parentCode"
	if line == industrial {
		field = "industrialParentCode"
	}
	return fault.Of(http.StatusConflict, directoryv1.Reason_BODY_SECOND_PARENT, field,
		"本组织在这条领导关系上已有上级，只能调整，不能再加", "the body already has a parent on this line: it can be moved, not put under a second one")
}

func creditCode(zh, en string) error {
	return fault.Of(http.StatusBadRequest, directoryv1.Reason_CREDIT_CODE_INVALID, "creditCode", zh, en)
}

func moduleNotFound() error {
	return fault.Of(http.StatusNotFound, directoryv1.Reason_MODULE_NOT_FOUND, "name", "没有这个功能模块", "there is no such module")
}

func moduleLocked() error {
	return fault.Of(http.StatusConflict, directoryv1.Reason_MODULE_LOCKED, "on", "基础功能不能停用", "core modules cannot be switched off")
}

func badToken() error {
	return fault.Field("pageToken", "翻页标记无效，请回到第一页", "the page token is not valid; go back to the first page")
}
