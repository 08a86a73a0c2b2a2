#!/bin/sh
# The gate of helm-verify-shim. It stands where `helm` is looked for, and runs before every helm command, so it starts
# no process of its own: it hands the few commands that the shim has to act on to the engine, and becomes the real helm
# for all others. POSIX sh (with `-ef`, which dash, busybox ash and bash have). Every name begins with `hvs_`, because
# assigning to a name that is in the environment would change what helm gets to see.

hvs_engine=
hvs_state=${XDG_STATE_HOME:-${HOME:+$HOME/.local/state}}/helm-verify-shim/dirs
hvs_copies=${CHARTIFY_TEMPDIR:-//} hvs_cache=${HELMFILE_CACHE_HOME:-//}

# May a receipt cover the path $1 (absolute)? Receipts lie under the path that a directory had when
# it was unpacked. Where a link is on the way, the engine follows it: a chart may have been replaced by one.
hvs_covered() {
  hvs_path='' hvs_rest=${1#/}/
  while [ -n "$hvs_rest" ]; do
    case ${hvs_rest%%/*} in
    '' | .) ;;
    ..) hvs_path=${hvs_path%/*} ;;
    *) hvs_path=$hvs_path/${hvs_rest%%/*} ;;
    esac
    hvs_rest=${hvs_rest#*/}
    [ -e "$hvs_state$hvs_path/receipt.json" ] && return
    [ -L "$hvs_path" ] && return
  done
  return 1
}

case ${HELM_VERIFY_SHIM_OFF-} in
1) ;;
*)
  case ${HELM_VERIFY_SHIM_REQUIRE-} in '' | 0 | false) ;; *) hvs_engine=1 ;; esac
  for hvs_arg in "$@"; do
    case $hvs_arg in
    --untar | --untar=* | --verify | --verify=* | verify) hvs_engine=1 ;;
    # These take the current directory when none is named.
    lint | dep | dependency | dependencies) [ -d "$hvs_state" ] && hvs_covered "$PWD" && hvs_engine=1 ;;
    -*=*) hvs_arg=${hvs_arg#*=} ;;
    esac
    [ -n "$hvs_engine" ] && break
    # helm takes white space off the name of a chart before it looks for it.
    case $hvs_arg in [[:space:]]* | *[[:space:]])
      hvs_arg=${hvs_arg#"${hvs_arg%%[![:space:]]*}"}
      hvs_arg=${hvs_arg%"${hvs_arg##*[![:space:]]}"}
      ;;
    esac
    # Not only directories: a packed chart may have been put in a directory's place.
    { [ -e "$hvs_arg" ] && [ -d "$hvs_state" ]; } || continue
    case $hvs_arg in /*) ;; *) hvs_arg=${PWD%/}/$hvs_arg ;; esac
    hvs_covered "$hvs_arg" && hvs_engine=1
    # A copy that chartify made of a chart, or a stranger in helmfile's cache: beside a chart with a receipt, or above it.
    case $hvs_path/ in
    */chartify[0-9]*/* | *"${hvs_copies%/}"/*) [ -d "$hvs_path" ] && hvs_engine=1 ;;
    */helmfile/* | *"${hvs_cache%/}"/*) [ -d "$hvs_path" ] && [ -d "$hvs_state${hvs_path%/*}" ] && hvs_engine=1 ;;
    esac
  done
  ;;
esac

# The real helm: the one that is named, or the next on PATH after this gate's own place (links to it count), or, where
# the gate is not on PATH, the first that is not the gate. Never looking back is what keeps two copies from looping.
hvs_name=${HELM_VERIFY_SHIM_HELM:-helm} hvs_helm='' hvs_first='' hvs_here=''
case $hvs_name in
*/*) [ -f "$hvs_name" ] && [ -x "$hvs_name" ] && ! [ "$hvs_name" -ef "$0" ] && hvs_helm=$hvs_name ;;
*)
  hvs_rest=${PATH-}:
  while [ -n "$hvs_rest" ] && [ -z "$hvs_helm" ]; do
    hvs_path=${hvs_rest%%:*} hvs_rest=${hvs_rest#*:}
    hvs_path=${hvs_path:-.}/$hvs_name
    if [ "$hvs_path" -ef "$0" ]; then
      hvs_here=1
    elif [ -f "$hvs_path" ] && [ -x "$hvs_path" ]; then
      [ -n "$hvs_here" ] && hvs_helm=$hvs_path
      hvs_first=${hvs_first:-$hvs_path}
    fi
  done
  [ -n "$hvs_here" ] || hvs_helm=$hvs_first
  ;;
esac

if [ -z "$hvs_helm" ]; then
  hvs_why="PATH has none after this shim, \"$0\""
  [ -n "${HELM_VERIFY_SHIM_HELM-}" ] && hvs_why="HELM_VERIFY_SHIM_HELM names \"$hvs_name\", and there is no such program besides this shim"
  {
    echo "helm-verify-shim: no helm to hand the command to: $hvs_why"
    echo "helm-verify-shim: next: install helm, or put this shim's folder before helm's on PATH, or set HELM_VERIFY_SHIM_HELM to helm's full path."
  } >&2
  exit 127
fi

[ -n "$hvs_engine" ] || exec "$hvs_helm" "$@"

# The engine lies beside this file; where the gate was reached through a link, beside what the link names.
case $0 in */*) hvs_path=$0 ;; *) hvs_path=./$0 ;; esac
while [ -L "$hvs_path" ]; do
  hvs_rest=$(readlink "$hvs_path") || break
  case $hvs_rest in /*) hvs_path=$hvs_rest ;; *) hvs_path=${hvs_path%/*}/$hvs_rest ;; esac
done
hvs_path=${hvs_path%/*}
if ! [ -x "$hvs_path/helm-verify-shim" ]; then
  echo "helm-verify-shim: \"$hvs_path/helm-verify-shim\" is missing, so this command cannot be checked; nothing was run." >&2
  echo "helm-verify-shim: next: keep helm and helm-verify-shim together in one folder (install again)." >&2
  exit 1
fi
# Where it cannot be started, the shell says only "not found": it means the loader that the executable asks for.
trap 'echo "helm-verify-shim: \"$hvs_path/helm-verify-shim\" cannot be started here; nothing was run." >&2
echo "helm-verify-shim: next: on Alpine take the linux-x64-musl release, or apk add nodejs and the tarball without a platform: the executable for glibc does not run there." >&2
exit 1' EXIT
exec "$hvs_path/helm-verify-shim" as-helm "$hvs_helm" "$@"
