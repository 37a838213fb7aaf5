#!/bin/bash
# Records samples/linux/logs: a real Linux system (this one, as root, with its own files in place of ours) in which day.sh is played, and auditd that writes
# down what the rules of `crosstalk coverage --configure` ask for.
#   sudo samples/linux/record.sh          KEEP=FOLDER keeps the whole log and the rules there
# Needs auditd, overlayfs, gcc, node, openssl, dbus-daemon, busctl, gdbus and strace. Kernel auditing is switched off again at the end, whatever happens. The
# machine's own processes are kept out: only what carries the audit ids of the invented people is asked for and kept (own-events.ts).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
node=$root/node_modules/node/bin/node
export PATH=$PATH:/usr/sbin:/sbin
box=$(mktemp -d)
finish() {
  auditctl -D >/dev/null 2>&1 || true
  auditctl -e 0 >/dev/null 2>&1 || true
  [ -s "$box/auditd.pid" ] && kill "$(cat "$box/auditd.pid")" 2>/dev/null || true
  sleep 1
  [ -n "${KEEP:-}" ] && cp -r "$box/out" "$box/rules" "$box/rules.out" "$box/recording.rules" "$KEEP"
  rm -rf --one-file-system "$box"
}
trap finish EXIT
[ "$(auditctl -s | awk '/^pid/ { print $2 }')" = 0 ] || { echo 'an audit daemon is running: stop it first'; exit 1; }

mkdir "$box/upper" "$box/work" "$box/system" "$box/made" "$box/out"
gcc -O1 -o "$box/made/queue" "$here/host/queue.c" -lrt
gcc -O1 -o "$box/made/attach" "$here/host/attach.c"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=203.0.113.45 -keyout "$box/made/key.pem" -out "$box/made/cert.pem" 2>/dev/null
# Nothing was seen yet: so coverage writes all its settings.
echo 'type=DAEMON_START msg=audit(1.000:1): op=start' > "$box/empty.log"
"$node" "$root/packages/crosstalk/bin/crosstalk.js" coverage "$box/empty.log" --configure "$box/rules" >/dev/null
unshare --mount --uts --propagation private "$here/box.sh" "$here" "$box"
"$node" "$here/own-events.ts" "$box/out" "$here"
