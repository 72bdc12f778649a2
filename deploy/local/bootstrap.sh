#!/usr/bin/env bash
# Installs what a Debian machine lacks to run the product from its source: Postgres, Redis, Chinese fonts, root certificates;
# with --test also what the tests need: Chromium, one of 2020 from npm (old-browser.mjs), Firefox with long support, what walls a browser
# in (ip, nft) and has it trust an authority (certutil), a C compiler (for the race detector), readers of Android packages. Go and Node are only checked.
# Says nothing and changes nothing when all is there. No system cluster is made, no service is started or enabled.
#
#   bootstrap.sh [--test]
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
repository=${self%/deploy/local/*}
oldest_postgres=15
newest_postgres=25 # looked for in apt, lowest first

say() { printf '%s\n%s\n' "$1" "$2" >&2; }
die() { say "$1" "$2"; exit 1; }

# at_least WANT HAVE compares dotted versions.
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

check_tools() {
    local ok=1 want have

    want=$(awk '$1 == "go" { print $2; exit }' "$repository/go.mod")
    if ! command -v go >/dev/null; then
        say "没有找到 Go：请安装 Go $want 或更新版本（https://go.dev/dl/），并把它加入 PATH" \
            "Go was not found: install Go $want or newer (https://go.dev/dl/) and put it on PATH"
        ok=0
    else
        have=$(cd / && GOTOOLCHAIN=local go version)
        have=${have#go version go}
        have=${have%% *}
        at_least "$want" "$have" || {
            say "Go 版本过低：现为 $have，需要 $want 或更新版本" "Go is too old: $have, needed is $want or newer"
            ok=0
        }
    fi

    # What Vite asks for: ^20.19 || >=22.12
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        say "没有找到 Node.js 或 npm：请安装 Node.js 20.19 以上（20.x）或 22.12 以上（https://nodejs.org/）" \
            "Node.js or npm was not found: install Node.js 20.19+ (20.x) or 22.12+ (https://nodejs.org/)"
        ok=0
    else
        have=$(node --version)
        have=${have#v}
        case ${have%%.*} in
        20) want=20.19 ;;
        *) want=22.12 ;;
        esac
        at_least "$want" "$have" || {
            say "Node.js 版本不合适：现为 $have，需要 20.19 以上（20.x）或 22.12 以上" \
                "Node.js $have will not do: needed is 20.19+ (20.x) or 22.12+"
            ok=0
        }
    fi
    ((ok))
}

has_postgres() {
    local path major
    for path in /usr/lib/postgresql/*/bin/initdb; do
        [[ -x $path && -x ${path%initdb}postgres ]] || continue
        major=${path#/usr/lib/postgresql/}
        major=${major%%/*}
        [[ $major =~ ^[0-9]+$ ]] && ((major >= oldest_postgres)) && return 0
    done
    return 1
}

has_font() {
    compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null ||
        { command -v fc-list >/dev/null && [[ -n $(fc-list ':lang=zh-cn' family) ]]; }
}

has_browser() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# missing_checkers prints those that read Android packages: the packages of builder/apk are tested by others' tools.
missing_checkers() {
    local tool library
    for tool in aapt apksigner zipalign apktool androguard dexdump; do
        command -v "$tool" >/dev/null || echo "$tool"
    done
    [[ -e /usr/share/android-framework-res/framework-res.apk ]] || echo android-framework-res
    for library in apkverifier apkparser; do
        [[ -d /usr/share/gocode/src/github.com/avast/$library ]] || echo "golang-github-avast-$library-dev"
    done
}

# missing prints the packages that are needed and not there; postgresql stands for whichever version apt has.
missing() {
    has_postgres || echo postgresql
    [[ -x /usr/bin/redis-server || -x /usr/local/bin/redis-server ]] || echo redis-server
    has_font || echo fonts-noto-cjk
    [[ -s /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    command -v ffmpeg >/dev/null || echo ffmpeg
    if [[ $1 == test ]]; then
        has_browser || echo chromium
        [[ -x /usr/lib/firefox-esr/firefox-esr ]] || echo firefox-esr
        [[ -x /usr/sbin/ip || -x /sbin/ip ]] || echo iproute2
        [[ -x /usr/sbin/nft ]] || echo nftables
        command -v certutil >/dev/null || echo libnss3-tools
        command -v gcc >/dev/null || echo gcc
        [[ -e /usr/include/stdlib.h ]] || echo libc6-dev
        command -v openssl >/dev/null || echo openssl
        command -v python3 >/dev/null || echo python3
        missing_checkers
    fi
}

# The rest runs as root.

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
template=/usr/share/postgresql-common/createcluster.conf
mark='# gonghui bootstrap: for the time of one installation'

# shield FILE keeps the file's present content for unshield and replaces it by standard input.
shield() {
    mkdir -p -- "$(dirname -- "$1")"
    if [[ -e $1 ]] && ! grep -qxF "$mark" "$1"; then # a marked one is the remains of a killed run
        cp -a -- "$1" "$1.gonghui-saved"
    fi
    cat >"$1"
}

unshield() {
    if [[ -e $1.gonghui-saved ]]; then
        mv -f -- "$1.gonghui-saved" "$1"
    elif [[ -e $1 ]] && grep -qxF "$mark" "$1"; then
        rm -f -- "$1"
    fi
}

restore() {
    unshield "$policy"
    unshield "$clusters"
    # Absent before means that the package came with this run: leave what the package would have left.
    if [[ ! -e $clusters && -e $template ]]; then
        install -m 644 -- "$template" "$clusters"
        rm -f -- "$clusters.ucf-dist"
    fi
}

apt_postgres() {
    local major
    for ((major = oldest_postgres; major <= newest_postgres; major++)); do
        if [[ -n $(apt-cache show "postgresql-$major" 2>/dev/null) ]]; then
            echo "postgresql-$major"
            return
        fi
    done
    die "apt 软件源中没有 Postgres $oldest_postgres 或更新版本" "apt knows no Postgres $oldest_postgres or newer"
}

install_packages() {
    local packages=() package new_redis=0
    export DEBIAN_FRONTEND=noninteractive
    exec 9>/run/lock/gonghui-bootstrap
    flock 9 # two runs must not restore each other's files

    say "更新软件包列表…" "updating the lists of packages …"
    apt-get -qq -o DPkg::Lock::Timeout=300 update ||
        say "软件包列表更新失败，使用现有列表继续" "the lists could not be updated, going on with the present ones"
    for package; do
        case $package in
        postgresql) package=$(apt_postgres) ;;
        redis-server) new_redis=1 ;;
        esac
        packages+=("$package")
    done
    say "安装 ${packages[*]} …" "installing ${packages[*]} …"

    trap restore EXIT
    trap 'exit 130' INT TERM HUP
    printf '%s\n' '#!/bin/sh' "$mark" 'exit 101' | shield "$policy"
    chmod 755 "$policy"
    printf '%s\n' "$mark" 'create_main_cluster = false' | shield "$clusters"
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
        install "${packages[@]}" >&2 ||
        die "安装失败，请查看上面 apt 的输出" "the installation failed, see what apt says above"
    if ((new_redis)); then
        # The package enables its service for the next boot; we came for the program only.
        deb-systemd-helper disable redis-server.service >/dev/null 2>&1 || true
        update-rc.d redis-server disable >/dev/null 2>&1 || true
    fi
}

as_root() {
    if ((EUID == 0)); then
        bash "$self" --install "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
        say "需要管理员权限来安装：$*" "administrator's rights are needed to install: $*"
        sudo bash "$self" --install "$@"
    else
        die "缺少：$*。当前用户不是 root，也无法使用 sudo，请让管理员安装后重试" \
            "missing: $*. You are not root and sudo cannot be used: have an administrator install them, then try again"
    fi
}

main() {
    local kind=run packages
    case ${1-} in
    '') ;;
    --test) kind=test ;;
    --install)
        shift
        install_packages "$@"
        return
        ;;
    *) die "用法：bootstrap.sh [--test]" "usage: bootstrap.sh [--test]" ;;
    esac

    check_tools || exit 1
    if [[ $kind == test && ! -x $repository/bin/tools/chromium-83 ]]; then
        say "获取 2020 年的 Chromium，用于验证旧手机…" "fetching the Chromium of 2020, which stands for old phones …"
        node "$repository/deploy/local/old-browser.mjs" >/dev/null ||
            die "获取失败，请检查 npm 能否下载" "it could not be fetched: check that npm can download"
    fi
    mapfile -t packages < <(missing "$kind")
    ((${#packages[@]})) || return 0
    command -v apt-get >/dev/null ||
        die "缺少：${packages[*]}。本机没有 apt，请自行安装后重试" \
            "missing: ${packages[*]}. There is no apt here: install them yourself, then try again"
    as_root "${packages[@]}"
    mapfile -t packages < <(missing "$kind")
    ((${#packages[@]} == 0)) ||
        die "安装后仍缺少：${packages[*]}" "still missing after the installation: ${packages[*]}"
    say "所需软件已就绪" "all that is needed is there"
}

main "$@"
