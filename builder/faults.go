package builder

import (
	"context"
	"errors"
	"net/http"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/kit/fault"
	"gonghui/builder/signer"
	builderv1 "gonghui/builder/v1"
)

var (
	errNoBuild = fault.New(http.StatusNotFound, builderv1.Reason_APP_BUILD_NOT_FOUND, "没有这个版本，请刷新后重试", "there is no such build; reload the page")
	errState   = fault.New(http.StatusConflict, builderv1.Reason_APP_BUILD_STATE, "该版本当前的状态不能这样操作，请刷新后重试", "the build is in another state by now; reload the page")
	errTrial   = fault.New(http.StatusConflict, builderv1.Reason_APP_BUILD_TRIAL, "试用包只能在局域网演示中使用，不能发布", "a trial package is for a demo on a local network and is never published")
	errOlder   = fault.New(http.StatusConflict, builderv1.Reason_APP_BUILD_OLDER, "已发布更新的版本，手机不会安装较旧的版本；如需恢复旧内容，请使用“回退”",
		"a newer version is published and phones take no older one; roll back to have the earlier content again")
	errPrivate   = fault.New(http.StatusConflict, builderv1.Reason_APP_CHANNEL_PRIVATE, "此项供管理员下载使用，不在下载页发布", "this one is for administrators to download; it is not published")
	errLive      = fault.New(http.StatusConflict, builderv1.Reason_APP_CHANNEL_LIVE, "此项没有版本先后，直接发布旧版本即可", "this channel knows no order of versions; publish the earlier build itself")
	errNothing   = fault.Plain(http.StatusNotFound, "NOT_FOUND", "尚未发布", "nothing is published yet")
	errNoRelease = fault.New(http.StatusNotFound, builderv1.Reason_APP_RELEASE_NOT_FOUND, "没有这次发布，请刷新后重试", "there is no such release; reload the page")
	errReleased  = fault.New(http.StatusConflict, builderv1.Reason_APP_RELEASE_STATE, "这次发布已结束，或范围已更大，请刷新后重试", "the release is over, or goes to more devices already; reload the page")
	errNoKey     = fault.New(http.StatusConflict, builderv1.Reason_APP_KEY_MISSING, "尚未生成签名密钥，请先生成一次安卓应用", "there is no signing key yet; build the Android app first")
	errAway      = fault.New(http.StatusServiceUnavailable, builderv1.Reason_APP_SIGNER_AWAY, "签名服务暂时没有应答，请稍后再试", "the signing service does not answer just now; try again shortly")
	errNoRebuild = fault.New(http.StatusNotFound, builderv1.Reason_FLEET_REBUILD_NOT_FOUND, "没有这次统一生成，请刷新后重试", "there is no such rebuild; reload the page")
	errNoTrial   = fault.New(http.StatusConflict, builderv1.Reason_APP_TRIAL_UNAVAILABLE, "本系统没有局域网证书，不能生成试用包", "this installation has no local authority; trial packages cannot be built")
	errOver      = fault.New(http.StatusConflict, builderv1.Reason_APP_BUILD_STATE, "这次统一生成已经结束", "the rebuild is over already")
)

// failure is what is wrong with a build, as it is kept.
type failure struct {
	Zh    string `json:"zh"`
	En    string `json:"en"`
	Field string `json:"field,omitempty"`
}

// maxTries is how often a build is tried when what it needs is away, over about six minutes.
const maxTries = 5

// judge says what a failed attempt means: wrong inputs, which another attempt would not put right, or something that may pass.
func judge(err error) (f failure, final bool) {
	var k *kerrors.Error
	switch {
	case errors.As(err, &k) && k.Code == http.StatusBadRequest:
		return failure{k.Metadata["zh"], k.Metadata["en"], k.Metadata["field"]}, true
	case errors.Is(err, errBroken):
		return failure{"生成的文件未通过自检，请联系平台运维", "what was built did not pass its own check; tell those who run the platform", ""}, true
	case errors.Is(err, errIconsGone):
		return failure{"标志已更换，这一版本的图标无法再绘制，请按当前设计重新生成", "the logo is another one by now and the icons of this version cannot be drawn; build again by the looks of today", ""}, true
	case errors.Is(err, signer.ErrAway):
		return failure{errAway.Metadata["zh"], errAway.Metadata["en"], ""}, false
	case errors.Is(err, signer.ErrRefused):
		return failure{"签名密钥无法使用，请联系平台运维", "the signing key cannot be used; tell those who run the platform", ""}, true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return failure{"处理被中断", "the work was interrupted", ""}, false
	}
	return failure{"暂时无法完成，请稍后重新生成", "it could not be done just now; build again later", ""}, false
}

// known turns the signer's errors into those that people see.
func known(err error) error {
	if errors.Is(err, signer.ErrAway) {
		return errAway
	}
	return err
}
